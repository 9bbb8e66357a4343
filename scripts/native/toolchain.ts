import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

/** Everything that the native build gets and makes, apart from the result. */
export const nativeCache = resolve('.cache/native');

export interface Toolchain {
  /** Zig, whose `cc` is clang with the C library of each target. */
  readonly zig: string;
  /** The folder with quickjs.c. */
  readonly engine: string;
}

const requirements = ['scripts/native/tools.txt', 'scripts/native/engine.txt'] as const;

/** A step of the build has failed; the message says which, with what it printed. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

const zigCache = join(nativeCache, 'zig');
const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  ZIG_GLOBAL_CACHE_DIR: zigCache,
  ZIG_LOCAL_CACHE_DIR: zigCache,
});

export function run(command: string, args: readonly string[], purpose: string): void {
  const result = spawnSync(command, args, { encoding: 'utf8', env: environment() });
  if (result.error) throw new BuildError(`${purpose}: cannot run ${command}: ${result.error.message}`);
  if (result.status !== 0) throw new BuildError(`${purpose}: ${command} failed:\n${result.stderr || result.stdout}`);
}

/** As `run`, beside others. */
export async function runBeside(command: string, args: readonly string[], purpose: string): Promise<void> {
  try {
    await promisify(execFile)(command, args, { env: environment() });
  } catch (error) {
    const { message, stderr } = error as Error & { stderr?: string };
    throw new BuildError(`${purpose}: ${command} failed:\n${stderr || message}`);
  }
}

/** Installs compiler and engine where they are not there yet: what they are is fixed by the hashes in `requirements`. */
export function prepareToolchain(): Toolchain {
  const key = createHash('sha256');
  for (const file of requirements) key.update(readFileSync(file));
  const folder = join(nativeCache, `toolchain-${key.digest('hex').slice(0, 12)}`);
  if (!existsSync(folder)) {
    // Made beside its place and moved there whole: one that was cut short never looks like a finished one.
    const partial = `${folder}.partial-${process.pid}`;
    mkdirSync(partial, { recursive: true });
    try {
      install(partial);
      renameSync(partial, folder);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  }
  const sources = readdirSync(folder).find((name) => name.startsWith('quickjs_ng-')) ?? '';
  return { zig: join(folder, 'tools/ziglang/zig'), engine: join(folder, sources, 'upstream-quickjs') };
}

function install(folder: string): void {
  const python = pythonWithPip();
  const [tools, engine] = requirements;
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-deps', '--require-hashes'];
  process.stderr.write('fetching the C compiler and the JavaScript engine (once)\n');
  const target = join(folder, 'tools');
  run(
    python,
    ['-m', 'pip', 'install', ...quiet, '--only-binary', ':all:', '--target', target, '-r', tools],
    'compiler',
  );
  // Without isolation pip uses the setuptools just checked instead of fetching whichever is the newest.
  process.env.PYTHONPATH = target;
  const sources = ['--no-binary', ':all:', '--no-build-isolation', '--dest', folder, '-r', engine];
  run(python, ['-m', 'pip', 'download', ...quiet, ...sources], 'engine');
  const archive = readdirSync(folder).find((name) => name.endsWith('.tar.gz')) ?? '';
  run('tar', ['-xzf', join(folder, archive), '-C', folder], 'engine');
}

/** A Python of the project's own: Debian's refuses to install packages, or comes without pip. */
export function pythonWithPip(): string {
  const venv = join(nativeCache, 'python');
  const python = join(venv, 'bin/python3');
  if (spawnSync(python, ['-m', 'pip', '--version']).status === 0) return python;
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(nativeCache, { recursive: true });
  if (spawnSync('python3', ['-m', 'venv', venv]).status === 0) return python;
  if (spawnSync('python3', ['-m', 'pip', '--version']).status === 0) return 'python3';
  throw new BuildError(
    'the native build needs Python 3 with venv or pip, to fetch the C compiler and the JavaScript engine; ' +
      'nothing was built. On Debian: apt-get install python3-venv',
  );
}
