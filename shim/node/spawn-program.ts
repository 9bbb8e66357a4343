import { spawn } from 'node:child_process';
import type { Child, Launch, LaunchFailure, LaunchOptions } from '../host.ts';
import { type Signal, type SignalName, signalNamed } from '../signals.ts';

/** Starts the program as a child that has the shim's own descriptors 0 to 2. */
export function spawnProgram({ path, argv }: Launch, { group }: LaunchOptions): Promise<Child | LaunchFailure> {
  return new Promise((resolve) => {
    const [name = path, ...args] = argv;
    // `detached` is the one way to a process group of its own here; it makes a session, too.
    const child = spawn(path, args, { argv0: name, stdio: 'inherit', detached: group });
    const ended = new Promise<{ code: number } | { signal: Signal }>((end) => {
      child.once('exit', (code, signal) =>
        end(signal ? { signal: signalNamed(signal as SignalName) } : { code: code ?? 0 }),
      );
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? error.message;
      resolve({ kind: 'failure', reason: code === 'ENOENT' ? 'not-found' : 'not-executable', code });
    });
    child.once('spawn', () => {
      const pid = child.pid as number;
      resolve({
        kind: 'child',
        pid,
        ended,
        send(signal) {
          try {
            process.kill(group ? -pid : pid, signal.number);
          } catch {
            // it has ended in the meantime
          }
        },
      });
    });
  });
}
