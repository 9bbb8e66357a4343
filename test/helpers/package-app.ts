import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';

export const repository = join(import.meta.dirname, '..', '..');

export interface Packed {
  readonly tarball: string;
  /** Paths inside the package. */
  readonly files: readonly string[];
}

/** What `npm pack` makes of what is built, in this folder. Nothing is built: other tests run from it meanwhile. */
export function packPackage(folder: string): Packed {
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout, stderr, status } = spawnSync('npm', words, { cwd: repository, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm pack ended with ${status}: ${stderr}`);
  // An array of packages, or, since npm 12, an object of them by name.
  const [info] = Object.values(JSON.parse(stdout) as Record<string, { filename: string; files: { path: string }[] }>);
  if (!info) throw new Error(`npm pack names no package: ${stdout}`);
  return { tarball: join(folder, info.filename), files: info.files.map(({ path }) => path) };
}

export interface Outcome {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of an app that has the package, as it was packed, and other packages beside it. */
export interface PackageApp {
  readonly folder: string;
  /** Writes a file of the app; returns its path. */
  write(name: string, text: string): string;
  /** Runs a program in the app's folder, or another one. */
  run(command: string, words: readonly string[], options?: { env?: NodeJS.ProcessEnv; cwd?: string }): Promise<Outcome>;
  remove(): void;
}

/**
 * @param modules the folder `node_modules` whose packages the app has
 * @param type what `.js` and `.ts` files of the app are
 */
export function createPackageApp(modules: string, type: 'module' | 'commonjs' = 'module'): PackageApp {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-app-'));
  const own = join(folder, 'node_modules');
  for (const name of packagesIn(modules)) {
    mkdirSync(dirname(join(own, name)), { recursive: true });
    symlinkSync(join(modules, name), join(own, name));
  }
  unpack(packedOnce(), join(own, 'mesh-shim'));
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  write('package.json', JSON.stringify({ private: true, type }));
  return {
    folder,
    write,
    run: (command, words, { env = {}, cwd = folder } = {}) =>
      new Promise((resolve) => {
        const options = { cwd, env: { ...cleanEnv(), ...env }, timeout: 100_000, maxBuffer: 64 << 20 };
        execFile(command, words, options, (error, stdout, stderr) =>
          resolve({ code: error ? (error.code ?? error.signal ?? null) : 0, stdout, stderr }),
        );
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function packagesIn(modules: string): string[] {
  return readdirSync(modules)
    .flatMap((name) => (name.startsWith('@') ? readdirSync(join(modules, name)).map((part) => join(name, part)) : name))
    .filter((name) => !name.startsWith('.') && name !== 'mesh-shim');
}

let packed: string | undefined;

/** For all apps of one test file. */
function packedOnce(): string {
  if (packed === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-packed-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    packed = packPackage(folder).tarball;
  }
  return packed;
}

function unpack(tarball: string, into: string): void {
  mkdirSync(into, { recursive: true });
  const { status, stderr } = spawnSync('tar', ['-xzf', tarball, '-C', into, '--strip-components=1']);
  if (status !== 0) throw new Error(`tar ended with ${status}: ${stderr}`);
}

/** Without what test runners set, and what would change the library's doing. */
function cleanEnv(): NodeJS.ProcessEnv {
  const foreign = /^(?:NODE_|VITEST|TEST$|MESH_SHIM_|KUBERNETES_|(?:https?|no|all)_proxy$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
