/**
 * Builds the static executables: `node scripts/build-native.ts`. The bundle of the shim is compiled to bytecode by the
 * engine that will run it, and linked with that engine and the host in C. The same input gives the same bytes, and
 * what has been built from it before is taken as it is.
 */
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { executablePath, type NativeArch, nativeArchs, nativeTargets, symbolsPath } from './native/targets.ts';
import { BuildError, nativeCache, prepareToolchain, run, type Toolchain } from './native/toolchain.ts';

const hostFolder = 'shim/native';
const hostSources = readdirSync(hostFolder).filter((name) => name.startsWith('host') && name.endsWith('.c'));
const engineSources = ['quickjs.c', 'dtoa.c', 'libregexp.c', 'libunicode.c'];

const compileFlags = [
  ...['-Os', '-g0', '-D_GNU_SOURCE', '-DNDEBUG', '-fPIE', '-fno-sanitize=undefined', '-fstack-protector-strong'],
  ...['-ffunction-sections', '-fdata-sections', '-fno-asynchronous-unwind-tables', '-fno-unwind-tables'],
];
const linkFlags = ['-pie', '-static', '-Wl,--gc-sections,--build-id=none,-z,relro,-z,now,-z,noexecstack'];
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
  const flags = [...(arch ? ['-target', nativeTargets[arch].zig] : []), ...compileFlags];
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

function link(arch: NativeArch, folder: string, toolchain: Toolchain): void {
  const target = ['cc', '-target', nativeTargets[arch].zig];
  const include = [`-isystem${toolchain.engine}`, `-I${folder}`];
  const host = hostSources.map((name) => {
    const object = join(folder, `${arch}-${name}.o`);
    const flags = [...compileFlags, ...ownCodeFlags, ...include];
    run(toolchain.zig, [...target, ...flags, '-c', join(hostFolder, name), '-o', object], name);
    return object;
  });
  const objects = [...compileEngine(toolchain, arch), ...host];
  for (const [path, strip] of [
    [symbolsPath(arch), []],
    [executablePath(arch), ['-s']],
  ] as const) {
    mkdirSync(dirname(path), { recursive: true });
    run(toolchain.zig, [...target, ...linkFlags, ...strip, ...objects, '-o', path, '-lm'], `executable (${arch})`);
  }
}

function shortHash(parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** What was linked before from the same input is taken as it is. */
function keep(folder: string, arch: NativeArch, toolchain: Toolchain): void {
  const kept = join(folder, arch);
  if (!existsSync(kept)) {
    link(arch, folder, toolchain);
    copyFileSync(executablePath(arch), kept);
  }
  mkdirSync(dirname(executablePath(arch)), { recursive: true });
  copyFileSync(kept, executablePath(arch));
  chmodSync(executablePath(arch), 0o755);
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
  for (const arch of nativeArchs) keep(folder, arch, toolchain);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
