import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { BuildError } from '../run-command.ts';

/** Of this checkout; not inside of it, where a cache could carry the lock of a process to another machine. */
const path = join(
  tmpdir(),
  `mesh-shim-build-${createHash('sha256').update(process.cwd()).digest('hex').slice(0, 12)}.lock`,
);
const longestBuildMs = 20 * 60_000;

/** One build at a time: test files that run at the same time may each want one. */
export async function withBuildLock<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + longestBuildMs;
  while (!take()) {
    if (Date.now() > deadline) throw new BuildError(`another build does not end; if there is none, remove ${path}`);
    await delay(50);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (!holderIsAlive()) rmSync(path, { force: true });
    return false;
  }
}

function holderIsAlive(): boolean {
  try {
    // The file of a holder that has not written its number yet is empty: 0 is a process that is there.
    return process.kill(Number(readFileSync(path, 'utf8')), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
