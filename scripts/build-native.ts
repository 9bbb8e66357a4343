/**
 * Builds the static executables: `node scripts/build-native.ts [--if-stale]`, the latter only where there are some and a
 * source has changed since.
 */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { withBuildLock } from './build/build-lock.ts';
import { executables, inputsHash, isFresh, recordBuild } from './build/freshness.ts';
import { placeFile } from './build/place.ts';
import { makeExecutables } from './native/executables.ts';
import { executablePath, nativeArchs } from './native/targets.ts';
import { reportBuildErrors } from './run-command.ts';

const ifStale = process.argv.includes('--if-stale');

async function buildExecutables(): Promise<void> {
  if (ifStale) {
    const haveBeenBuilt = nativeArchs.some((arch) => existsSync(executablePath(arch)));
    if (!haveBeenBuilt || isFresh(executables)) return;
    process.stderr.write('the executables are not what their sources make: building them\n');
  }
  const inputs = inputsHash(executables);
  for (const { arch, path } of await makeExecutables()) placeFile(path, executablePath(arch));
  recordBuild(executables, inputs, nativeArchs.map(executablePath));
}

await reportBuildErrors(() => withBuildLock(buildExecutables));
