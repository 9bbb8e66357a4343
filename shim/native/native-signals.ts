import type { ReceivedSignal, SignalSource } from '../host.ts';
import { isOneOf, signalNamed, signalNumbered, terminalSignals } from '../signals.ts';
import { errorName } from './errno.ts';
import { type EventLoop, readable } from './event-loop.ts';
import type { ChildListener, HelperChildren } from './helper-children.ts';
import type { System } from './system.ts';

/** si_code of a signal that the kernel sends itself, as a terminal does; kill(2) and its like have others. */
const fromKernel = 0x80;

export interface NativeSignals extends SignalSource {
  /** From here on all children are reaped, and the listener is told. */
  onChild(listener: ChildListener): void;
  /** Looks for children that have ended: their signals may have been taken by an earlier run of the program. */
  reap(): void;
}

/**
 * host.c has held all signals since the first moment; here they are read, one by one, real-time signals included. They
 * stay held until the program is executed: whichever comes in between reaches the program.
 */
export function createNativeSignals(system: System, loop: EventLoop, helpers: HelperChildren): NativeSignals {
  const childEnded = signalNamed('SIGCHLD').number;
  // As PID 1 it inherits orphans from the first moment: exec probes leave them during a long wait.
  let onChild: ChildListener | undefined = system.pid() === 1 ? () => {} : undefined;
  const reap = (): void => {
    if (onChild) helpers.reapAll(onChild);
  };
  let drain = (): void => {};
  return {
    onChild(listener) {
      onChild = listener;
    },
    reap,
    listen(listener) {
      const fd = system.signalDescriptor();
      // Without it an app's end would never be noticed, and all signals but KILL stay held.
      if (fd < 0) throw new Error(`cannot receive signals: signalfd: ${errorName(fd)}`);
      drain = () => {
        for (;;) {
          const read = system.readSignal(fd);
          if (typeof read === 'number') return;
          const [number, code] = read;
          if (number === childEnded) reap();
          else listener(describe(number, code, system));
        }
      };
      loop.watch(fd, readable, () => drain());
    },
    settle: async () => drain(),
  };
}

/**
 * A terminal's signal goes to its whole foreground group, this process and the app alike. Not so when it hangs up: then
 * the leader of the session is told apart, and the app may not have been.
 */
function describe(number: number, code: number, system: System): ReceivedSignal {
  const signal = signalNumbered(number);
  const toGroup = isOneOf(signal, terminalSignals) || (signal.name === 'SIGHUP' && system.session() !== system.pid());
  return { signal, fromTerminal: code === fromKernel && toGroup };
}
