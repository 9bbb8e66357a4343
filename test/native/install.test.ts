import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { executable, runToEnd } from './executables.ts';

const bodies = [
  { name: 'the executable', file: 'mesh-shim', source: () => executable('x64'), command: [] },
  { name: 'the Node bundle', file: 'mesh-shim.cjs', source: () => resolve('dist/mesh-shim.cjs'), command: ['node'] },
] as const;

describe.each(bodies)('install by $name', ({ file, source, command }) => {
  let folder: string;
  let from: string;
  let shim: readonly string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'install-'));
    from = mkdtempSync(join(tmpdir(), 'image-'));
    copyFileSync(source(), join(from, file));
    shim = [...command, join(from, file)];
  });
  afterEach(() => {
    for (const path of [folder, from]) rmSync(path, { recursive: true });
  });

  it('copies itself, runnable by everybody and writable by nobody, as often as it is asked to', () => {
    for (let round = 0; round < 2; round++) {
      expect(runToEnd([...shim, 'install', folder])).toMatchObject({ status: 0 });
      expect(readdirSync(folder)).toEqual([file]);
      expect(statSync(join(folder, file)).mode & 0o7777).toBe(0o555);
      expect(readFileSync(join(folder, file)).equals(readFileSync(source()))).toBe(true);
    }
    expect(runToEnd([...command, join(folder, file), '--version']).stdout.toString()).toMatch(/^mesh-shim \d/);
  });

  it('takes register.mjs along where it lies beside it', () => {
    const bytes = Buffer.from('// é \xff\0\n', 'latin1');
    writeFileSync(join(from, 'register.mjs'), bytes);
    expect(runToEnd([...shim, 'install', `${folder}/`])).toMatchObject({ status: 0 });
    expect(readdirSync(folder).sort()).toEqual([file, 'register.mjs'].sort());
    expect(readFileSync(join(folder, 'register.mjs')).equals(bytes)).toBe(true);
    expect(statSync(join(folder, 'register.mjs')).mode & 0o7777).toBe(0o444);
  });

  it('says what is wrong, and leaves nothing half-done', () => {
    const missing = runToEnd([...shim, 'install', join(folder, 'none')]);
    expect(missing).toMatchObject({ status: 1 });
    expect(missing.stderr).toContain('the folder does not exist');
    expect(runToEnd([...shim, 'install'])).toMatchObject({ status: 64 });
    // A folder in the file's place: renaming fails after all has been written.
    runToEnd(['mkdir', join(folder, file)]);
    expect(runToEnd([...shim, 'install', folder])).toMatchObject({ status: 1 });
    expect(readdirSync(folder)).toEqual([file]);
  });
});

it('the command of the npm package installs the bundle, which runs alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'install-'));
  try {
    expect(runToEnd(['node', 'dist/cli.mjs', 'install', folder])).toMatchObject({ status: 0 });
    expect(readFileSync(join(folder, 'mesh-shim.cjs')).equals(readFileSync('dist/mesh-shim.cjs'))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
