import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executablePath, type NativeArch, nativeArchs } from '../../scripts/native/targets.ts';
import { packPackage, repository } from '../helpers/package-app.ts';
import { executable } from '../native/executables.ts';

const bin = join(repository, 'node_modules', '.bin');
const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string };

function run(command: string, args: string[], cwd: string, env: Record<string, string> = {}) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
  if (result.error) throw result.error;
  return result;
}

describe('the package, as npm packs it', () => {
  let folder: string;
  let tarball: string;
  let packed: readonly string[];

  beforeAll(() => {
    for (const arch of nativeArchs) executable(arch);
    folder = mkdtempSync(join(tmpdir(), 'mesh-shim-package-'));
    ({ tarball, files: packed } = packPackage(folder));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the shim, the library with its types, and no sources or tests', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        'dist/mesh-shim.cjs',
        'dist/linux-x64/mesh-shim',
        'dist/linux-arm64/mesh-shim',
        'dist/register.mjs',
        'dist/lifecycle-register.mjs',
        'dist/index.mjs',
        'dist/cjs/index.cjs',
        'dist/esm/index.mjs',
        'dist/types/index.d.ts',
        'package.json',
      ]),
    );
    const allowed = [
      'dist/',
      'package.json',
      'README.md',
      'LICENSE',
      'docs/',
      'ARCHITECTURE.md',
      'CHANGELOG.md',
      'SECURITY.md',
      'THIRD_PARTY.md',
    ];
    expect(packed.filter((path) => !allowed.some((start) => path.startsWith(start)))).toEqual([]);
  });

  it('passes publint', () => {
    const { status, stdout, stderr } = run(join(bin, 'publint'), ['run', '--strict', tarball], repository);
    expect({ status, output: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, output: '' });
  });

  it.each([
    ['in every way that TypeScript resolves', ['--exclude-entrypoints', 'register', 'lifecycle-register']],
    // A preload that waits cannot be required.
    ['as an ES module, the preload too', ['--profile', 'esm-only']],
  ])('passes attw %s', (_, words) => {
    const { status, stdout, stderr } = run(join(bin, 'attw'), [tarball, '--no-color', ...words], repository);
    expect({ status, output: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, output: '' });
  });

  describe('installed in an empty folder', () => {
    let app: string;

    beforeAll(() => {
      app = mkdtempSync(join(tmpdir(), 'mesh-shim-installed-'));
      writeFileSync(join(app, 'package.json'), '{"private":true}\n');
      const { status, stderr } = run(
        'npm',
        ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', tarball],
        app,
      );
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    });
    afterAll(() => rmSync(app, { recursive: true, force: true }));

    it('says its version', () => {
      const { status, stdout, stderr } = run('npx', ['--no-install', 'mesh-shim', '--version'], app);
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `mesh-shim ${version}\n`, stderr: '' });
    });

    it('starts a command, whose output and exit code are its own', () => {
      const command = ['mesh-shim', '--mesh', 'none', '--', '/bin/sh', '-c', 'echo "$0 $1"; exit 7', 'a b', 'c'];
      const { status, stdout } = run('npx', ['--no-install', ...command], app);
      expect({ status, stdout }).toEqual({ status: 7, stdout: 'a b c\n' });
    });

    it.each(nativeArchs)('says where the executable for %s lies, the one that was built', (arch) => {
      const { status, stdout, stderr } = run('npx', ['--no-install', 'mesh-shim', 'path', '--arch', arch], app);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const path = stdout.trimEnd();
      expect(path).toBe(join(realpathSync(app), 'node_modules', 'mesh-shim', executablePath(arch)));
      expect(readFileSync(path).equals(readFileSync(executable(arch)))).toBe(true);
    });

    it('the executable for this machine runs', () => {
      const path = join(app, 'node_modules', 'mesh-shim', executablePath(process.arch as NativeArch));
      const { status, stdout, stderr } = run(path, ['--mesh', 'none', '--', '/bin/sh', '-c', 'exit 7'], app);
      expect({ status, stdout, stderr }).toEqual({ status: 7, stdout: '', stderr: '' });
    });

    it('can be preloaded', () => {
      const args = ['--import', 'mesh-shim/register', '-p', '"started"'];
      const { status, stdout, stderr } = run(process.execPath, args, app, { MESH_SHIM_MESH: 'none' });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'started\n', stderr: '' });
    });

    it('can be imported', () => {
      const { status, stderr } = run(process.execPath, ['--input-type=module', '-e', "await import('mesh-shim')"], app);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    });
  });
});

it('the lockfile names no place that packages came from', () => {
  const lock = readFileSync(join(repository, 'package-lock.json'), 'utf8');
  expect(lock).not.toContain('"resolved"');
  expect(lock).toContain('"integrity"');
});
