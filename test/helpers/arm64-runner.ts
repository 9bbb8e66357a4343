import { spawnSync } from 'node:child_process';
import process from 'node:process';

/** The command by which arm64 programs run here; empty on such a machine itself, undefined where there is none. */
export function arm64Runner(): readonly string[] | undefined {
  if (process.arch === 'arm64') return [];
  return spawnSync('qemu-aarch64-static', ['--version']).status === 0 ? ['qemu-aarch64-static'] : undefined;
}
