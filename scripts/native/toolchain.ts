import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fetchOnce } from '../fetch-once.ts';
import { pip } from '../python.ts';
import { runCommand } from '../run-command.ts';
import { patchesText, writePatchedEngine } from './engine-patches.ts';

/** Everything that the native build gets and makes, apart from the result. */
export const nativeCache = resolve('.cache/native');

export interface Toolchain {
  /** What it is made of, for the names of what is made with it. */
  readonly id: string;
  /** Zig, whose `cc` is clang with the C library of each target. */
  readonly zig: string;
  /** The folder with quickjs.c, patched. */
  readonly engine: string;
}

const requirements = ['scripts/native/tools.txt', 'scripts/native/engine.txt'] as const;

function toolchainId(): string {
  const hash = createHash('sha256');
  for (const file of requirements) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

/** Which toolchain, and how its engine is patched. */
function engineId(): string {
  return createHash('sha256').update(`${toolchainId()} ${patchesText}`).digest('hex').slice(0, 12);
}

const folderOf = (id: string): string => join(nativeCache, `toolchain-${id}`);

/** The compiler and the engine, where they have been fetched. */
export function findToolchain(): Toolchain | undefined {
  const id = toolchainId();
  const folder = folderOf(id);
  if (!existsSync(folder)) return undefined;
  const sources = readdirSync(folder).find((name) => /^quickjs_ng-[^/]*\d$/.test(name));
  if (sources === undefined) return undefined;
  const engine = join(nativeCache, `engine-source-${engineId()}`);
  writePatchedEngine(join(folder, sources, 'upstream-quickjs'), engine);
  return { id: engineId(), zig: join(folder, 'tools/ziglang/zig'), engine };
}

/**
 * Fetches compiler and engine where they are not there yet: what they are is fixed by the hashes in `requirements`.
 *
 * @throws BuildError
 */
export async function prepareToolchain(): Promise<Toolchain> {
  await fetchOnce(folderOf(toolchainId()), () => findToolchain() !== undefined, install);
  return findToolchain() as Toolchain;
}

async function install(folder: string): Promise<void> {
  process.stderr.write('fetching the C compiler and the JavaScript engine (once)\n');
  const [tools, engine] = requirements;
  const target = join(folder, 'tools');
  await pip(['install', '--only-binary', ':all:', '--target', target], tools, 'C compiler');
  // Without isolation pip uses the setuptools just checked instead of fetching whichever is the newest.
  const env = { ...process.env, PYTHONPATH: target };
  const sources = ['--no-binary', ':all:', '--no-build-isolation', '--dest', folder];
  await pip(['download', ...sources], engine, 'JavaScript engine', env);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tar.gz')) ?? '';
  await runCommand('tar', ['-xzf', join(folder, archive), '-C', folder], 'JavaScript engine');
}

/**
 * Where Zig keeps what it has compiled.
 *
 * @param cache the whole build's
 */
export function zigEnvironment(cache = nativeCache): NodeJS.ProcessEnv {
  const folder = join(cache, 'zig');
  return { ...process.env, ZIG_GLOBAL_CACHE_DIR: folder, ZIG_LOCAL_CACHE_DIR: folder };
}
