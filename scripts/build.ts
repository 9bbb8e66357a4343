/**
 * Builds all of dist/ but the static executables: `node scripts/build.ts [--if-stale]`, the latter only where a source has
 * changed since, or a file of dist/ has.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { withBuildLock } from './build/build-lock.ts';
import { writeBundles } from './build/bundles.ts';
import { bundles, inputsHash, isFresh, recordBuild } from './build/freshness.ts';
import { filesBelow, placeFile, removeOthers } from './build/place.ts';
import { executablePath, nativeArchs } from './native/targets.ts';
import { reportBuildErrors } from './run-command.ts';

const ifStale = process.argv.includes('--if-stale');

async function buildBundles(): Promise<void> {
  if (ifStale && isFresh(bundles)) return;
  if (ifStale) process.stderr.write('dist/ is not what its sources make: building it\n');
  const inputs = inputsHash(bundles);
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-build-'));
  try {
    await writeBundles(folder);
    const made = filesBelow(folder);
    // What others import goes in first and what nothing imports any more goes last: no program that starts meanwhile misses a file.
    const inOrder = made.toSorted((a, b) => Number(b.includes('/')) - Number(a.includes('/')));
    for (const path of inOrder) placeFile(join(folder, path), join('dist', path));
    const wanted = new Set([...made.map((path) => join('dist', path)), ...nativeArchs.map(executablePath)]);
    removeOthers('dist', (path) => wanted.has(join('dist', path)));
    recordBuild(
      bundles,
      inputs,
      made.map((path) => join('dist', path)),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await reportBuildErrors(() => withBuildLock(buildBundles));
