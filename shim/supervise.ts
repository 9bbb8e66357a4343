import type { Child, Host, Launch, LaunchFailure, LaunchOptions, ReceivedSignal } from './host.ts';
import { exitCodeOfSignal, type Interruption } from './interruption.ts';
import { isOneOf, stoppingSignals } from './signals.ts';

/** How signals go over from the wait to the app. */
export interface HandOver {
  /** Who has heard them until now. */
  readonly before: Interruption;
  /** From here on this one hears them. */
  readonly setListener: (listener: (received: ReceivedSignal) => void) => void;
}

/** What is done when the app has ended and something of it may be left; `gotTerm`: a SIGTERM has been handed on. */
export type AfterEnd = (child: Child, gotTerm: boolean) => Promise<void>;

/**
 * Starts the app as a child and stays beside it until it ends, handing signals on, and as long as `afterEnd` takes. Resolves with
 * the exit code that says how the app ended, as shells have it, or with why it has not started.
 */
export async function superviseApp(
  host: Host,
  launch: Launch,
  options: LaunchOptions,
  { before, setListener, afterEnd }: HandOver & { readonly afterEnd: AfterEnd },
): Promise<number | LaunchFailure> {
  const child = await host.spawn(launch, options);
  if (child.kind === 'failure') return child;
  let gotTerm = false;
  setListener((received) => {
    gotTerm ||= received.signal.name === 'SIGTERM';
    handOn(received, child, host, options.ownGroup);
  });
  // What came while the child was being made was meant for it.
  const missed = before.endedBy();
  if (missed) {
    gotTerm ||= missed.name === 'SIGTERM';
    child.send(missed);
  }
  const ended = await child.ended;
  await afterEnd(child, gotTerm);
  return 'code' in ended ? ended.code : exitCodeOfSignal(ended.signal);
}

/**
 * Hands a signal on, unless the terminal has given it to the app already; and stops together with the app, so that the
 * shell sees its whole job stopped.
 */
function handOn({ signal, fromTerminal }: ReceivedSignal, child: Child, host: Host, ownGroup: boolean): void {
  if (!fromTerminal || ownGroup) child.send(signal);
  if (isOneOf(signal, stoppingSignals)) host.stopSelf();
}
