import type { LateSignal, Launch, LaunchFailure } from '../host.ts';
import { endingSignals, isOneOf, signalNumbered } from '../signals.ts';
import { wholeEnvironment } from './environment.ts';
import { foreseenRefusal } from './foreseen-refusal.ts';
import type { NodeSignals } from './node-signals.ts';
import { unreadSignals } from './unread-signals.ts';

/** Node before 26 aborts with a core dump where the kernel refuses the file (nodejs/node#62878). */
export function foresee({ path }: Launch): LaunchFailure | undefined {
  const code = foreseenRefusal(path);
  return code === undefined ? undefined : { kind: 'failure', reason: 'not-executable', code };
}

/** Replaces this process by the program; returns only when that failed, or must not be. */
export function becomeProgram({ path, argv }: Launch, signals: NodeSignals): LaunchFailure | LateSignal {
  // From here on a signal ends the process as it would end the app that has just started.
  signals.release();
  const late = unreadSignals()
    .map(signalNumbered)
    .find((signal) => isOneOf(signal, endingSignals));
  if (late) return { kind: 'late-signal', signal: late };
  // Node ignores these two, and what is ignored stays ignored in the app; what is handled becomes the default again.
  for (const name of ['SIGPIPE', 'SIGXFSZ'] as const) process.on(name, () => {});
  // The warning that execve is experimental is for the shim's authors, not for the app's log.
  process.removeAllListeners('warning');
  try {
    process.execve?.(path, [...argv], wholeEnvironment());
    return { kind: 'failure', reason: 'other', code: 'ENOSYS' };
  } catch (error) {
    // The file was there: what is missing is what it names.
    return {
      kind: 'failure',
      reason: 'not-executable',
      code: (error as NodeJS.ErrnoException).code ?? 'unknown error',
    };
  }
}
