import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { onEachCore, runCommand } from '../run-command.ts';
import { engineSources, hostFolder, ownCodeFlags, readHostSources, shortHash } from './sources.ts';
import { type NativeArch, nativeTargets } from './targets.ts';
import { nativeCache, prepareToolchain, type Toolchain, zigEnvironment } from './toolchain.ts';

/** Optimized as a whole, for size: what nothing in the bundle can reach is left out. */
const optimizeFlags = ['-Os', '-flto'];
export const compileFlags = [
  ...['-D_GNU_SOURCE', '-DNDEBUG', '-fPIE', '-fno-sanitize=undefined', '-fstack-protector-strong'],
  ...['-ffunction-sections', '-fdata-sections', '-fvisibility=hidden', '-fomit-frame-pointer'],
  ...['-fno-asynchronous-unwind-tables', '-fno-unwind-tables'],
  ...optimizeFlags,
];
/** The compiler's flags hold for what is linked from its own library, too. */
export const linkFlags = [
  ...compileFlags,
  ...['-pie', '-static', '-Wl,--gc-sections,--build-id=none,-z,relro,-z,now,-z,noexecstack'],
];

/** What is built with: the toolchain, and the folder that keeps what has been made with it. */
export interface Workshop {
  readonly toolchain: Toolchain;
  readonly cache: string;
}

/** That of the project, once its toolchain has been fetched. */
export const projectWorkshop = async (): Promise<Workshop> => ({
  toolchain: await prepareToolchain(),
  cache: nativeCache,
});

/** Makes a file where it is not there yet, with `zig cc` for a machine; nobody ever sees half of it. */
export async function zigMakes(
  path: string,
  args: readonly string[],
  arch: NativeArch,
  { toolchain, cache }: Workshop,
): Promise<void> {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.partial-${process.pid}`;
  const command = ['cc', '-target', nativeTargets[arch].zig, ...args, '-o', partial];
  await runCommand(toolchain.zig, command, `${basename(path)} (${arch})`, zigEnvironment(cache));
  renameSync(partial, path);
}

const engineObject = (name: string, arch: NativeArch, { toolchain, cache }: Workshop): string =>
  join(cache, 'engine', `${arch}-${shortHash([toolchain.id, ...compileFlags])}`, `${name}.o`);

/** The engine's objects for a machine, once `compileEngine` has made them. */
export const engineObjects = (arch: NativeArch, workshop: Workshop): string[] =>
  engineSources.map((name) => engineObject(name, arch, workshop));

/** Compiles the engine for these machines: that changes with the toolchain only. */
export async function compileEngine(archs: readonly NativeArch[], workshop: Workshop): Promise<void> {
  // The longest of all is the first source: one core takes it for one machine, the next for the other.
  const all = engineSources.flatMap((name) => archs.map((arch) => ({ name, arch })));
  await onEachCore(all, async ({ name, arch }) => {
    const source = join(workshop.toolchain.engine, name);
    await zigMakes(engineObject(name, arch, workshop), [...compileFlags, '-g0', '-w', '-c', source], arch, workshop);
  });
}

/**
 * The program that makes bytecode of scripts, for the machine that builds: bytecode fits exactly one version of the engine,
 * and this is made of its very objects. The only program with the engine's parser.
 */
export async function bytecodeCompiler(workshop: Workshop): Promise<string> {
  const arch = process.arch as NativeArch;
  const { toolchain, cache } = workshop;
  const path = join(cache, 'compiler', shortHash([toolchain.id, ...compileFlags, ...readHostSources()]));
  const include = `-isystem${toolchain.engine}`;
  const parts = [`${hostFolder}/compile.c`, ...engineObjects(arch, workshop)];
  await zigMakes(path, [...ownCodeFlags, '-static', include, ...parts, '-lm'], arch, workshop);
  return path;
}
