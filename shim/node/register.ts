import { readFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';
import { createCancelSource } from '../../src/mesh/cancel.ts';
import { nodeClock, nodeTransport, socketsAreGone } from '../../src/sockets/node-transport.ts';
import { exitCodes } from '../exit-codes.ts';
import { type PreloadHost, waitBeforeApp } from '../preload.ts';
import { endingSignals, signalNamed } from '../signals.ts';
import { isTerminal } from './log-sink.ts';

/**
 * Set for the children of a process that has waited: the sidecar may be gone again, and they must start all the same.
 * Not one of MESH_SHIM_*, which are settings: an unknown one of these is an error.
 */
const waitedVariable = '_MESH_SHIM_WAITED';

/** The shim in any of its forms waits by itself, and its small commands must not wait. */
const isShim = ['mesh-shim', 'mesh-shim.cjs'].includes(basename(process.argv[1] ?? ''));

if (isMainThread && !isShim && process.env[waitedVariable] === undefined) {
  const code = await untilSignalled(waitBeforeApp);
  if (code !== undefined) process.exit(code);
  await socketsAreGone();
  process.env[waitedVariable] = String(process.pid);
}

/** As PID 1 a process ignores every signal that it does not handle: it would outlive its pod's end by the whole grace. */
async function untilSignalled(wait: typeof waitBeforeApp): Promise<number | undefined> {
  const end = createCancelSource();
  let endedBy: number | undefined;
  const listeners = endingSignals.map((name) => {
    const listener = (): void => {
      endedBy ??= exitCodes.signalBase.code + signalNamed(name).number;
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
    env: new Map(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    pid: process.pid,
    clock: nodeClock,
    transport: nodeTransport,
    // The descriptor itself: process.stderr belongs to the app, which may want to be the first to touch it.
    log: { isTerminal: isTerminal(2), write: writeError },
    wallClockMs: () => Date.now(),
    hostname: () => process.env.HOSTNAME ?? readText('/proc/sys/kernel/hostname')?.trim() ?? '',
    readTextFile: readText,
  };
}

function writeError(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // closed or full: the app matters more than a line of the log
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // no /proc, or not for us: the wait lives without it
  }
}
