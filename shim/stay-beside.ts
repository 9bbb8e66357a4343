import type { Child, Host, ReceivedSignal } from './host.ts';
import { exitCodeOfSignal } from './interruption.ts';
import { isOneOf, stoppingSignals } from './signals.ts';
import type { SidecarsFound } from './wait.ts';

/** What must be known beside the app; a rest keeps it, as JSON. */
export interface Stay {
  readonly found: SidecarsFound;
  readonly ownGroup: boolean;
  /** A SIGTERM has been handed on. */
  readonly gotTerm: boolean;
}

export interface Beside {
  /** From here on this one hears the signals. */
  readonly setListener: (listener: (received: ReceivedSignal) => void) => void;
  /** What is done when the app has ended and something of it may be left. */
  readonly afterEnd: (child: Child, gotTerm: boolean) => Promise<void>;
}

/** Without a signal for so long it goes to rest: not sooner, for the return costs more than an app of a moment. */
const quietMs = 500;

/**
 * Stays beside the app until it ends, handing signals on, and as long as `afterEnd` takes; also after a rest. Resolves with the
 * exit code that says how the app ended, as shells have it.
 */
export async function stayBeside(
  host: Host,
  child: Child,
  stay: Stay,
  { setListener, afterEnd }: Beside,
): Promise<number> {
  let { gotTerm } = stay;
  let hasEnded = false;
  let stopTimer = (): void => {};
  const restWhenQuiet = (): void => {
    stopTimer();
    if (!child.rest || hasEnded) return;
    stopTimer = host.clock.after(quietMs, () => child.rest?.(JSON.stringify({ ...stay, gotTerm })));
  };
  setListener((received) => {
    gotTerm ||= received.signal.name === 'SIGTERM';
    handOn(received, child, host, stay.ownGroup);
    restWhenQuiet();
  });
  restWhenQuiet();
  const ended = await child.ended;
  hasEnded = true;
  stopTimer();
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
