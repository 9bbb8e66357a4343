import type { Child, Launch, LaunchFailure, LaunchOptions } from '../host.ts';
import { type Signal, type SignalName, signalNamed } from '../signals.ts';
import { looksRunnable } from './looks-runnable.ts';

/** Starts the program as a child that has the shim's own descriptors 0 to 2. */
export async function spawnProgram({ path, argv }: Launch, { group }: LaunchOptions): Promise<Child | LaunchFailure> {
  // Node hands what the kernel refuses to /bin/sh, as shells do; the app would then be a shell that reads garbage.
  if (!looksRunnable(path)) return { kind: 'failure', reason: 'not-executable', code: 'ENOEXEC' };
  // Loaded only here: who becomes the app has no use for it, and it costs milliseconds.
  const { spawn } = await import('node:child_process');
  return await new Promise((resolve) => {
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
