import { exitCodes } from './exit-codes.ts';
import type { Child, Host, ReceivedSignal } from './host.ts';
import { isOneOf, stoppingSignals } from './signals.ts';

/**
 * What to do with a signal while the app runs as a child: hand it on, unless the terminal has given it to the app
 * already; and stop together with it, so that the shell sees its whole job stopped.
 */
export function handOn({ signal, fromTerminal }: ReceivedSignal, child: Child, host: Host, ownGroup: boolean): void {
  if (!fromTerminal || ownGroup) child.send(signal);
  if (isOneOf(signal, stoppingSignals)) host.stopSelf();
}

/** The exit code that says how the app ended, as shells have it. */
export async function exitCodeOf(child: Child): Promise<number> {
  const ended = await child.ended;
  return 'code' in ended ? ended.code : exitCodes.signalBase.code + ended.signal.number;
}
