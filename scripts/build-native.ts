/**
 * Builds the static executables: `node scripts/build-native.ts [--symbols]`, the latter also with their symbols.
 *
 * The bundle of the shim is compiled to bytecode by the engine that will run it, and linked with that engine and the
 * host in C. The same input gives the same bytes, and what has been built from it before is taken as it is.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { bundleFor, compileBundle } from './native/bytecode.ts';
import { compileEngine, compileFlags, linkFlags } from './native/engine.ts';
import { hostFolder, hostSources, ownCodeFlags, readHostSources, shortHash } from './native/sources.ts';
import { executablePath, type NativeArch, nativeArchs, nativeTargets, symbolsPath } from './native/targets.ts';
import { BuildError, nativeCache, prepareToolchain, run, runBeside, type Toolchain } from './native/toolchain.ts';

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

async function main(): Promise<void> {
  const toolchain = prepareToolchain();
  const bundle = join(nativeCache, 'bundle.js');
  await bundleFor(`${hostFolder}/start.ts`, bundle);
  const inputs = [toolchain.engine, ...compileFlags, ...linkFlags, readFileSync(bundle), ...readHostSources()];
  const folder = join(nativeCache, 'build', shortHash(inputs));
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
