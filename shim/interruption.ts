import { type CancelSignal, createCancelSource } from '../src/mesh/ask/cancel.ts';
import { exitCodes } from './exit-codes.ts';
import type { Host, ReceivedSignal } from './host.ts';
import { endingSignals, isOneOf, type Signal, stoppingSignals } from './signals.ts';

/** Hears the signals while nothing but the shim's own work can be ended by them. */
export interface Interruption {
  hear(received: ReceivedSignal): void;
  /** Cancelled by the first of TERM, INT, HUP and QUIT. */
  readonly signal: CancelSignal;
  /** That first one. */
  endedBy(): Signal | undefined;
}

/** `onOther` is told of signals that neither end nor stop. */
export function createInterruption(
  host: Pick<Host, 'stopSelf'>,
  onOther: (signal: Signal) => void = () => {},
): Interruption {
  const source = createCancelSource();
  let endedBy: Signal | undefined;
  return {
    hear({ signal }) {
      if (isOneOf(signal, endingSignals)) {
        endedBy ??= signal;
        source.cancel();
      } else if (isOneOf(signal, stoppingSignals)) host.stopSelf();
      else onOther(signal);
    },
    signal: source.signal,
    endedBy: () => endedBy,
  };
}

/** The exit code of what a signal has ended: 128+n. */
export function exitCodeOfSignal({ number }: Signal): number {
  return exitCodes.signalBase.code + number;
}

/** Lets TERM, INT, HUP and QUIT end a command at once with 128+n, as PID 1, too. */
export async function withEndingSignals(
  host: Host,
  command: (signal: CancelSignal) => Promise<number>,
): Promise<number> {
  const interruption = createInterruption(host);
  host.signals.listen(interruption.hear);
  const code = await command(interruption.signal);
  await host.signals.settle();
  const endedBy = interruption.endedBy();
  return endedBy ? exitCodeOfSignal(endedBy) : code;
}
