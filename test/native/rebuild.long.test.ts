import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeExecutables } from '../../scripts/native/executables.ts';
import { executable } from './executables.ts';

it('a build from nothing, elsewhere, gives the same bytes', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'mesh-shim-rebuild-'));
  onTestFinished(() => rmSync(cache, { recursive: true }));
  for (const { arch, path } of await makeExecutables({ cache })) {
    expect(path).toContain(cache);
    expect(readFileSync(path).equals(readFileSync(executable(arch))), arch).toBe(true);
  }
}, 900_000);
