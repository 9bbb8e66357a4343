import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { createCancelSource } from '../../src/mesh/ask/cancel.ts';
import { socketsAreGone } from '../../src/sockets/node-transport.ts';
import { exitCodeOfSignal } from '../interruption.ts';
import { type PreloadHost, waitBeforeApp } from '../preload.ts';
import { endingSignals, signalNamed } from '../signals.ts';
import { isTerminal } from './log-sink.ts';
import { readNodeMachine } from './node-machine.ts';

/** Waits before the app's first line, as the variables say; ends the process where the app may not start. */
export async function waitInProcess(): Promise<void> {
  // A thread of an app that has waited, started with an environment of its own.
  if (!isMainThread) return;
  const code = await untilSignalled(waitBeforeApp);
  if (code !== undefined) process.exit(code);
  await socketsAreGone();
}

/** As PID 1 a process ignores every signal that it does not handle: it would outlive its pod's end by the whole grace. */
async function untilSignalled(wait: typeof waitBeforeApp): Promise<number | undefined> {
  const end = createCancelSource();
  let endedBy: number | undefined;
  const listeners = endingSignals.map((name) => {
    const listener = (): void => {
      endedBy ??= exitCodeOfSignal(signalNamed(name));
      end.cancel();
    };
    process.on(name, listener);
    return [name, listener] as const;
  });
  const code = await wait(createPreloadHost(), end.signal);
  for (const [name, listener] of listeners) process.removeListener(name, listener);
  return endedBy ?? code;
}

function createPreloadHost(): PreloadHost {
  return {
    ...readNodeMachine(),
    // The descriptor itself: process.stderr belongs to the app, which may want to be the first to touch it.
    log: { isTerminal: isTerminal(2), write: writeError },
  };
}

function writeError(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // closed or full: the app matters more than a line of the log
  }
}
