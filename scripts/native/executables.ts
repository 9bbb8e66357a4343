import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onEachCore } from '../run-command.ts';
import { compileScripts } from './bytecode.ts';
import { makeScripts } from './chunks.ts';
import {
  bytecodeCompiler,
  compileEngine,
  compileFlags,
  engineObjects,
  linkerFlags,
  linkFlags,
  projectWorkshop,
  type Workshop,
  zigLinks,
  zigMakes,
} from './engine.ts';
import { lazyModules } from './lazy-modules.ts';
import { flagsOfSource, hostFolder, hostSources, ownCodeFlags, readHostSources, shortHash } from './sources.ts';
import { type NativeArch, nativeArchs } from './targets.ts';
import { nativeCache } from './toolchain.ts';

export interface MadeExecutable {
  readonly arch: NativeArch;
  /** Where it lies in the cache, under a name made of all that it depends on. */
  readonly path: string;
}

/**
 * Makes the executables: the shim's scripts are compiled to bytecode by the engine that will run them, and linked with
 * that engine and the host in C. The same input gives the same bytes, and what has been made before is taken as it is.
 *
 * @param options.symbols makes their twins with symbols instead
 * @param options.cache another folder than the project's, for a build from nothing; the toolchain is the project's
 * @throws BuildError
 */
export async function makeExecutables({ symbols = false, cache = nativeCache } = {}): Promise<MadeExecutable[]> {
  const workshop = { ...(await projectWorkshop()), cache };
  const scripts = await makeScripts(`${hostFolder}/start.ts`, lazyModules);
  const inputs = [
    workshop.toolchain.id,
    ...compileFlags,
    ...linkFlags,
    ...linkerFlags,
    ...scripts,
    ...readHostSources(),
  ];
  const folder = join(cache, 'build', shortHash(inputs));
  mkdirSync(folder, { recursive: true });
  const made = nativeArchs.map((arch) => ({ arch, path: join(folder, symbols ? `${arch}-symbols` : arch) }));
  if (made.every(({ path }) => existsSync(path))) return made;
  await compileEngine(nativeArchs, workshop);
  if (!existsSync(join(folder, 'chunks.h'))) await compileScripts(scripts, await bytecodeCompiler(workshop), folder);
  await compileHost(folder, workshop);
  await onEachCore(made, ({ arch, path }) => link(arch, path, folder, symbols, workshop));
  return made;
}

const hostObject = (name: string, arch: NativeArch, folder: string): string => join(folder, `${arch}-${name}.o`);

async function compileHost(folder: string, workshop: Workshop): Promise<void> {
  const all = nativeArchs.flatMap((arch) => hostSources.map((name) => ({ name, arch })));
  await onEachCore(all, async ({ name, arch }) => {
    const include = [`-isystem${workshop.toolchain.engine}`, `-I${folder}`];
    const flags = [...compileFlags, '-g0', ...ownCodeFlags, ...include];
    await zigMakes(
      hostObject(name, arch, folder),
      [...flags, ...flagsOfSource(name), '-c', join(hostFolder, name)],
      arch,
      workshop,
    );
  });
}

async function link(
  arch: NativeArch,
  path: string,
  folder: string,
  symbols: boolean,
  workshop: Workshop,
): Promise<void> {
  // Zig leaves the symbols out wherever it is told to optimize; the code itself carries that it is for size.
  const flags = symbols ? linkFlags.filter((flag) => flag !== '-Os') : [...linkFlags, '-g0', '-s'];
  const host = hostSources.map((name) => hostObject(name, arch, folder));
  await zigLinks(path, [...flags, ...engineObjects(arch, workshop), ...host, '-lm'], arch, workshop);
}
