import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { BuildError, onEachCore, runCommand } from '../run-command.ts';
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

/** Of the linker itself. The places that the program relocates when it starts are packed: unpacked they are a twentieth of the file. */
export const linkerFlags = ['--pack-dyn-relocs=relr'];

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
  workshop: Workshop,
): Promise<void> {
  await makeOnce(path, async (partial) => {
    await runZig(zigCc(args, arch, partial), path, arch, workshop);
  });
}

/** Links likewise. */
export async function zigLinks(
  path: string,
  args: readonly string[],
  arch: NativeArch,
  workshop: Workshop,
): Promise<void> {
  await makeOnce(path, async (partial) => {
    // `zig cc` knows fewer flags than its linker: the command that it gives the linker is run again with the others.
    const { stderr } = await runZig(zigCc(args, arch, partial), path, arch, workshop, { ZIG_VERBOSE_LINK: '1' });
    // The first time it links its own library as well.
    const own = (line: string) => line.startsWith('ld.lld ') && line.includes(basename(partial));
    const shown = stderr.split('\n').find(own);
    if (shown === undefined) throw new BuildError(`${basename(path)} (${arch}): zig has not shown how it links`);
    await runZig(
      [...wordsOf(shown, [dirname(workshop.toolchain.zig), workshop.cache]), ...linkerFlags],
      path,
      arch,
      workshop,
    );
  });
}

const zigCc = (args: readonly string[], arch: NativeArch, made: string): string[] => [
  ...['cc', '-target', nativeTargets[arch].zig],
  ...args,
  ...['-o', made],
];

/** The words of a command that zig has shown: it puts no quotes around blanks, which these folders may have in their names. */
export function wordsOf(shown: string, folders: readonly string[]): string[] {
  const blank = '\0';
  const marked = folders.reduce((text, folder) => text.replaceAll(folder, folder.replaceAll(' ', blank)), shown);
  return marked.split(' ').map((word) => word.replaceAll(blank, ' '));
}

async function makeOnce(path: string, make: (partial: string) => Promise<void>): Promise<void> {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.partial-${process.pid}`;
  await make(partial);
  renameSync(partial, path);
}

function runZig(
  args: readonly string[],
  path: string,
  arch: NativeArch,
  { toolchain, cache }: Workshop,
  env: NodeJS.ProcessEnv = {},
): ReturnType<typeof runCommand> {
  return runCommand(toolchain.zig, args, `${basename(path)} (${arch})`, { ...zigEnvironment(cache), ...env });
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
