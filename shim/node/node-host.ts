import { writeSync } from 'node:fs';
import type { Host } from '../host.ts';
import { becomeProgram } from './become-program.ts';
import { examineFile } from './examine-file.ts';
import { createNodeLogSink } from './log-sink.ts';
import { nodeInstallation } from './node-installation.ts';
import { readNodeMachine } from './node-machine.ts';
import { createNodeSignals } from './node-signals.ts';
import { spawnProgram } from './spawn-program.ts';

/** The machine as Node shows it. */
export function createNodeHost(): Host {
  const log = createNodeLogSink();
  const signals = createNodeSignals();
  return {
    ...readNodeMachine(),
    args: process.argv.slice(2),
    log,
    signals,
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

/** A pipe takes what it takes at a time, and a reader that has gone ends the matter. */
function writeAll(text: string): void {
  let rest = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
  } catch {
    // `mesh-shim --help | head -1`
  }
}
