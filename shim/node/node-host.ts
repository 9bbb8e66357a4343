import { writeSync } from 'node:fs';
import { basename } from 'node:path';
import type { Host } from '../host.ts';
import { becomeProgram, foresee } from './become-program.ts';
import { examineFile } from './examine-file.ts';
import { createNodeLogSink } from './log-sink.ts';
import { nodeInstallation } from './node-installation.ts';
import { readNodeMachine } from './node-machine.ts';
import { createNodeSignals, hasTerminal } from './node-signals.ts';
import { readHead } from './read-head.ts';
import { spawnProgram } from './spawn-program.ts';

/** The machine as Node shows it. */
export function createNodeHost(): Host {
  const log = createNodeLogSink();
  const signals = createNodeSignals();
  return {
    ...readNodeMachine(),
    invokedAs: basename(process.argv[1] ?? ''),
    args: process.argv.slice(2),
    log,
    signals,
    examineFile,
    readHead,
    installation: nodeInstallation,
    shortcomings: ({ subreaper, parentDeath }) => [
      ...(process.pid === 1 || subreaper
        ? ['on Node orphaned processes are not reaped: as PID 1 beside the app use the static executable']
        : []),
      ...(parentDeath ? ['on Node --parent-death has no effect: use the static executable'] : []),
    ],
    exec: typeof process.execve === 'function' ? (launch) => becomeProgram(launch, signals) : undefined,
    spawn: spawnProgram,
    print: (text) => void writeAll(text),
    hasTerminal,
    foreseeRefusal: foresee,
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
