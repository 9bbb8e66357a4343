import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface NodeProgram {
  readonly version: string;
  readonly path: string;
}

/** The Node that runs the tests, and one of this older major version where PATH has one; it is missed aloud. */
export function nodesWith(olderMajor: number): readonly NodeProgram[] {
  const current = { version: process.version, path: process.execPath };
  const paths = (process.env.PATH ?? '').split(':').map((folder) => join(folder, 'node'));
  const older = paths.filter((path) => existsSync(path)).map((path) => ({ version: versionOf(path), path }));
  const found = older.find(({ version }) => version.startsWith(`v${olderMajor}.`));
  if (!found) process.stderr.write(`SKIPPED: Node ${olderMajor}: none in PATH\n`);
  return found ? [current, found] : [current];
}

function versionOf(path: string): string {
  return spawnSync(path, ['--version'], { encoding: 'utf8', env: {} }).stdout?.trim() ?? '';
}
