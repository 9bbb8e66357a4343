import type { ChildProcess } from 'node:child_process';
import { exitCodes } from '../exit-codes.ts';
import type { Child, Launch, LaunchFailure, LaunchOptions } from '../host.ts';
import { type Signal, type SignalName, signalNamed } from '../signals.ts';
import { wholeEnvironment } from './environment.ts';
import { foreseenRefusal } from './foreseen-refusal.ts';

/** Starts the program as a child that has the shim's own descriptors 0 to 2. */
export async function spawnProgram(
  { path, argv }: Launch,
  { ownGroup, group }: LaunchOptions,
): Promise<Child | LaunchFailure> {
  // Node hands what the kernel refuses to /bin/sh, as shells do; the app would then be a shell that reads garbage.
  const code = foreseenRefusal(path);
  if (code !== undefined) return { kind: 'failure', reason: 'not-executable', code };
  // Loaded only here: who becomes the app has no use for it, and it costs milliseconds.
  const { spawn } = await import('node:child_process');
  return await new Promise((resolve) => {
    const [name = path, ...args] = argv;
    // `detached` is the one way to a process group of its own here; it makes a session, too.
    let child: ChildProcess;
    try {
      child = spawn(path, args, { argv0: name, stdio: 'inherit', detached: ownGroup, env: wholeEnvironment() });
    } catch (error) {
      // Node throws for what it has no event for: EPERM, ETXTBSY.
      resolve(failureOf(error));
      return;
    }
    const ended = new Promise<{ code: number } | { signal: Signal }>((end) => {
      child.once('exit', (code, signal) =>
        // Neither: not to be taken for a success. (An app that a real-time signal has ended is a code of 0 to Node.)
        end(signal ? { signal: signalNamed(signal as SignalName) } : { code: code ?? exitCodes.signalBase.code }),
      );
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      resolve(failureOf(error));
    });
    child.once('spawn', () => {
      const pid = child.pid as number;
      resolve({
        kind: 'child',
        pid,
        ended,
        send: ({ number }) => void sendTo(group ? -pid : pid, number),
        sendToGroup: ({ number }) => void sendTo(-pid, number),
        hasGroup: () => sendTo(-pid, 0) !== 'ESRCH',
      });
    });
  });
}

/** The system's name for what has failed, or undefined. */
function sendTo(target: number, signal: number): string | undefined {
  try {
    process.kill(target, signal);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

function failureOf(error: unknown): LaunchFailure {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  return { kind: 'failure', reason: code === 'ENOENT' ? 'not-found' : 'not-executable', code };
}
