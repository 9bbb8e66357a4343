import { readFileSync, writeSync } from 'node:fs';
import { nodeClock, nodeTransport } from '../../src/sockets/node-transport.ts';
import type { Host } from '../host.ts';
import { becomeProgram } from './become-program.ts';
import { examineFile } from './examine-file.ts';
import { createNodeLogSink } from './log-sink.ts';
import { nodeInstallation } from './node-installation.ts';
import { createNodeSignals } from './node-signals.ts';
import { spawnProgram } from './spawn-program.ts';

/** The machine as Node shows it. */
export function createNodeHost(): Host {
  const log = createNodeLogSink();
  const signals = createNodeSignals();
  return {
    args: process.argv.slice(2),
    env: new Map(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    pid: process.pid,
    clock: nodeClock,
    transport: nodeTransport,
    log,
    signals,
    wallClockMs: () => Date.now(),
    hostname: () => process.env.HOSTNAME ?? readText('/proc/sys/kernel/hostname')?.trim() ?? '',
    readTextFile: readText,
    examineFile,
    installation: nodeInstallation,
    shortcomings: ({ subreaper }) => [
      ...(process.pid === 1 || subreaper
        ? ['on Node orphaned processes are not reaped: as PID 1 beside the app use the static executable']
        : []),
    ],
    exec: typeof process.execve === 'function' ? (launch) => becomeProgram(launch, signals) : undefined,
    spawn: spawnProgram,
    print: (text) => void writeAll(text),
    stopSelf: () => process.kill(process.pid, 'SIGSTOP'),
    exit(code) {
      // A write that hangs in a full pipe would hold up an orderly exit; replaced by another program, nothing can.
      if (log.isStuck() && process.execve) {
        process.execve(process.execPath, ['node', '-e', `process.exit(${code})`], {});
      }
      process.exit(code);
    },
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // no /proc, or not for us: the caller lives without it
  }
}

/** A pipe takes what it takes at a time, and a reader that has gone ends the matter. */
function writeAll(text: string): void {
  let rest = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
  } catch {
    // `mesh-shim --help | head -1`
  }
}
