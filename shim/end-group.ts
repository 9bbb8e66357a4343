import { createCancelSource, pause } from '../src/mesh/ask/cancel.ts';
import type { Clock } from '../src/mesh/ask/transport.ts';
import { formatDuration } from '../src/text/durations.ts';
import type { Child } from './host.ts';
import type { Log } from './log.ts';
import { signalNamed } from './signals.ts';

/** From one look to the next, in milliseconds. */
const lookMs = 20;

/**
 * Ends what the app has left behind in its process group: a SIGTERM, if they have not had it, and a SIGKILL for what is still there after `graceMs`. Resolves
 * as soon as nothing is left, and at the latest then.
 */
export async function endGroup(
  child: Child,
  { graceMs, gotTerm, clock, log }: { graceMs: number; gotTerm: boolean; clock: Clock; log: Log },
): Promise<void> {
  if (!child.hasGroup()) return;
  log.info(`the app has ended and left processes in its group: they ${gotTerm ? 'have got' : 'get'} SIGTERM`);
  // To some programs a second one means "at once".
  if (!gotTerm) child.sendToGroup(signalNamed('SIGTERM'));
  const { signal } = createCancelSource();
  const until = clock.now() + graceMs;
  for (let left = graceMs; left > 0 && child.hasGroup(); left = until - clock.now()) {
    await pause(clock, Math.min(left, lookMs), signal);
  }
  if (!child.hasGroup()) return;
  log.warn(`processes of the app's group are still there after ${formatDuration(graceMs)}: they get SIGKILL`);
  child.sendToGroup(signalNamed('SIGKILL'));
}
