import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { builds } from '../helpers/builds.ts';
import { runShim } from '../helpers/run-shim.ts';

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-file-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

describe.each(builds)('a file that is waited for: $name', (build) => {
  const waitFor = (path: string, ...more: string[]) => [
    '--mesh',
    'none',
    '--wait-for',
    `file:${path}`,
    ...more,
    '--',
    'echo',
    'started',
  ];

  test('the app starts when it has been written, not when it has been made', async () => {
    const path = join(makeFolder(), 'se cret');
    const shim = runShim(build, waitFor(path));
    await shim.saw(/waiting for .* does not exist/);
    writeFileSync(path, '');
    await shim.saw(/cret is empty/);
    expect(shim.stdout()).toBe('');
    writeFileSync(path, 'x');
    expect(await shim.ended).toEqual({ code: 0, signal: null });
    expect(shim.stdout()).toBe('started\n');
  });

  test('a link that is put in place, as those of a volume are, and a relative path', async () => {
    const folder = makeFolder();
    const shim = runShim(build, waitFor('./late/config'), { cwd: folder });
    await shim.saw(/does not exist/);
    mkdirSync(join(folder, 'making'));
    writeFileSync(join(folder, 'making', 'config'), 'x');
    renameSync(join(folder, 'making'), join(folder, 'late'));
    expect(await shim.ended).toEqual({ code: 0, signal: null });
  });

  test('one that is there costs no wait', async () => {
    const path = join(makeFolder(), 'config');
    writeFileSync(path, 'x');
    const shim = runShim(build, waitFor(path, '--log-level', 'debug'));
    expect(await shim.ended).toEqual({ code: 0, signal: null });
    expect(shim.stderr()).toContain('is ready: ');
    expect(shim.stderr()).not.toContain('waiting');
  });

  const none: [string, (path: string) => void, RegExp][] = [
    ['nothing', () => {}, /does not exist; is the path right, and is the volume it comes on mounted/],
    ['a folder', (path) => mkdirSync(path), /is a directory; may this user read it/],
    ['a pipe that nobody writes to', (path) => void execFileSync('mkfifo', [path]), /is empty; may this user read it/],
  ];
  test.each(none)('%s', async (_what, make, said) => {
    const path = join(makeFolder(), 'config');
    make(path);
    const shim = runShim(build, waitFor(path, '--timeout', '300ms'));
    expect(await shim.ended).toEqual({ code: 69, signal: null });
    expect(shim.stderr()).toMatch(said);
    expect(shim.stdout()).toBe('');
  });
});
