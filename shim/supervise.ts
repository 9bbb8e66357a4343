import type { Host, Launch, LaunchFailure, LaunchOptions } from './host.ts';
import type { Interruption } from './interruption.ts';
import { type Beside, type Stay, stayBeside } from './stay-beside.ts';

/** How signals go over from the wait to the app, and what is done beside it. */
export interface HandOver extends Beside {
  /** Who has heard them until now. */
  readonly before: Interruption;
  readonly found: Stay['found'];
}

/** Starts the app as a child and stays beside it. Resolves with the exit code, or with why it has not started. */
export async function superviseApp(
  host: Host,
  launch: Launch,
  options: LaunchOptions,
  { before, found, ...beside }: HandOver,
): Promise<number | LaunchFailure> {
  const child = await host.spawn(launch, options);
  if (child.kind === 'failure') return child;
  // What came while the child was being made was meant for it.
  const missed = before.endedBy();
  if (missed) child.send(missed);
  return stayBeside(host, child, { found, ownGroup: options.ownGroup, gotTerm: missed?.name === 'SIGTERM' }, beside);
}
