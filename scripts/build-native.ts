/**
 * Builds the static executables: `node scripts/build-native.ts [--symbols]`, the latter also with their symbols. The bundle of the shim is compiled to bytecode by the
 * engine that will run it, and linked with that engine and the host in C. The same input gives the same bytes, and
 * what has been built from it before is taken as it is.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { executablePath, type NativeArch, nativeArchs, nativeTargets, symbolsPath } from './native/targets.ts';
import { BuildError, nativeCache, prepareToolchain, run, runBeside, type Toolchain } from './native/toolchain.ts';

const hostFolder = 'shim/native';
const hostSources = readdirSync(hostFolder).filter((name) => name.startsWith('host') && name.endsWith('.c'));
const engineSources = ['quickjs.c', 'dtoa.c', 'libregexp.c', 'libunicode.c'];

/** Optimized as a whole, for size: what nothing in the bundle can reach is left out. */
const optimizeFlags = ['-Os', '-flto'];
const compileFlags = [
  ...['-D_GNU_SOURCE', '-DNDEBUG', '-fPIE', '-fno-sanitize=undefined', '-fstack-protector-strong'],
  ...['-ffunction-sections', '-fdata-sections', '-fvisibility=hidden'],
  ...['-fno-asynchronous-unwind-tables', '-fno-unwind-tables'],
  ...optimizeFlags,
];
/** The compiler's flags hold for what is linked from its own library, too. */
const linkFlags = [
  ...compileFlags,
  ...['-pie', '-static', '-Wl,--gc-sections,--build-id=none,-z,relro,-z,now,-z,noexecstack'],
];
const ownCodeFlags = ['-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter'];

async function bundleShim(outfile: string): Promise<void> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  await build({
    entryPoints: [`${hostFolder}/start.ts`],
    outfile,
    bundle: true,
    format: 'iife',
    target: 'es2023',
    minify: true,
    logLevel: 'warning',
    define: { MESH_SHIM_VERSION: JSON.stringify(version) },
  });
}

/** The engine's objects for a machine (the build's own where none is named): they change with the toolchain only. */
function compileEngine({ zig, engine }: Toolchain, arch?: NativeArch): string[] {
  const flags = [...(arch ? ['-target', nativeTargets[arch].zig] : []), ...compileFlags, '-g0'];
  const folder = join(nativeCache, 'engine', `${arch ?? 'build'}-${shortHash([engine, ...flags])}`);
  mkdirSync(folder, { recursive: true });
  return engineSources.map((name) => {
    const object = join(folder, `${name}.o`);
    if (!existsSync(object)) run(zig, ['cc', ...flags, '-w', '-c', join(engine, name), '-o', object], name);
    return object;
  });
}

/** Compiles with a program made of the engine's own source: bytecode fits exactly one version of it. */
function compileBundle(bundle: string, folder: string, toolchain: Toolchain): void {
  const compiler = join(folder, 'compile');
  const bytecode = join(folder, 'bundle.bytecode');
  const include = `-isystem${toolchain.engine}`;
  const sources = [...compileEngine(toolchain), `${hostFolder}/compile.c`];
  run(toolchain.zig, ['cc', ...ownCodeFlags, include, ...sources, '-o', compiler, '-lm'], 'bytecode compiler');
  run(compiler, [bundle, bytecode], 'bytecode');
  const bytes = [...readFileSync(bytecode)].join(',');
  writeFileSync(join(folder, 'bundle.h'), `static const unsigned char bundle_bytes[] = {${bytes}};\n`);
}

/** Links the executable, or its twin with symbols, from the engine and the host; what was linked before is taken. */
async function link(arch: NativeArch, withSymbols: boolean, folder: string, toolchain: Toolchain): Promise<void> {
  const path = withSymbols ? symbolsPath(arch) : executablePath(arch);
  const kept = join(folder, withSymbols ? `${arch}-symbols` : arch);
  const target = ['cc', '-target', nativeTargets[arch].zig];
  if (!existsSync(kept)) {
    const include = [`-isystem${toolchain.engine}`, `-I${folder}`];
    const host = hostSources.map((name) => {
      const object = join(folder, `${arch}-${name}.o`);
      const flags = [...compileFlags, '-g0', ...ownCodeFlags, ...include];
      run(toolchain.zig, [...target, ...flags, '-c', join(hostFolder, name), '-o', object], name);
      return object;
    });
    // Zig leaves the symbols out wherever it is told to optimize; the code itself carries that it is for size.
    const flags = withSymbols ? linkFlags.filter((flag) => flag !== '-Os') : [...linkFlags, '-g0', '-s'];
    const objects = [...compileEngine(toolchain, arch), ...host];
    const partial = `${kept}.partial`;
    await runBeside(toolchain.zig, [...target, ...flags, ...objects, '-o', partial, '-lm'], `executable (${arch})`);
    renameSync(partial, kept);
  }
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(kept, path);
  chmodSync(path, 0o755);
}

function shortHash(parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}

async function main(): Promise<void> {
  const toolchain = prepareToolchain();
  const bundle = join(nativeCache, 'bundle.js');
  await bundleShim(bundle);
  const files = readdirSync(hostFolder).filter((name) => name.endsWith('.c') || name.endsWith('.h'));
  const sources = [bundle, ...files.map((name) => join(hostFolder, name))].map((path) => readFileSync(path));
  const folder = join(nativeCache, 'build', shortHash([toolchain.engine, ...compileFlags, ...linkFlags, ...sources]));
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'bundle.h'))) compileBundle(bundle, folder, toolchain);
  const kinds = process.argv.includes('--symbols') ? [false, true] : [false];
  for (const withSymbols of kinds) {
    await Promise.all(nativeArchs.map((arch) => link(arch, withSymbols, folder, toolchain)));
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
