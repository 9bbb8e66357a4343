import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyRepository } from '../helpers/repository-copy.ts';

/** Runs a command in the copy; what it prints on stdout and stderr. */
function run(folder: string, command: string, ...args: string[]): { stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return { stdout, stderr };
}

describe('a build, in a copy of this repository', () => {
  let repository: ReturnType<typeof copyRepository>;
  let copy: string;
  const build = (...args: string[]) => run(copy, process.execPath, 'scripts/build.ts', ...args);
  const chunks = (): string[] => readdirSync(join(copy, 'dist/chunks')).toSorted();

  beforeAll(() => {
    repository = copyRepository();
    copy = repository.folder;
    build();
  });
  afterAll(() => repository.remove());

  it('says nothing and changes nothing where it is fresh', () => {
    expect(build('--if-stale').stderr).toBe('');
  });

  it('is made again where a source has changed, and npm would pack nothing of the old one', () => {
    const before = chunks();
    const source = join(copy, 'src/tools/path.ts');
    appendFileSync(source, "process.stdout.write('changed');\n");
    writeFileSync(join(copy, 'dist/chunks/left-over.mjs'), '');
    expect(build('--if-stale').stderr).toBe('dist/ is not what its sources make: building it\n');
    expect(chunks()).not.toEqual(before);
    const { stdout } = run(copy, 'npm', 'pack', '--dry-run', '--json', '--ignore-scripts');
    const [info] = Object.values(JSON.parse(stdout) as Record<string, { files: { path: string }[] }>);
    const packed = info?.files.map(({ path }) => path).filter((path) => path.startsWith('dist/chunks/'));
    expect(packed?.toSorted()).toEqual(chunks().map((name) => `dist/chunks/${name}`));
    // Each is imported by what is started, or by another.
    const program = [join(copy, 'dist/cli.mjs'), join(copy, 'dist/check.mjs')].map((path) =>
      readFileSync(path, 'utf8'),
    );
    const all = [...program, ...chunks().map((name) => readFileSync(join(copy, 'dist/chunks', name), 'utf8'))].join('');
    expect(chunks().filter((name) => !all.includes(name))).toEqual([]);
  });

  it('is made again where a file of dist/ is missing or is another', () => {
    for (const damage of [
      () => rmSync(join(copy, 'dist/index.mjs')),
      () => appendFileSync(join(copy, 'dist/mesh-shim.cjs'), '\n'),
    ]) {
      damage();
      expect(build('--if-stale').stderr).not.toBe('');
      expect(build('--if-stale').stderr).toBe('');
    }
  });
});
