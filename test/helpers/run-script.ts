import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

const root = join(import.meta.dirname, '..', '..');

/**
 * Runs a script of this repository to its end, for tests and benchmarks that need what it makes. What it has to say comes
 * on stderr.
 *
 * @throws where it fails
 */
export function runScript(path: string, ...args: string[]): void {
  const { status } = spawnSync(process.execPath, [path, ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`node ${[path, ...args].join(' ')} ended with ${status}`);
}
