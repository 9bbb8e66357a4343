import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { compileEngine } from './engine.ts';
import { hostFolder, ownCodeFlags } from './sources.ts';
import { run, type Toolchain } from './toolchain.ts';

/** All that the engine will run, as one script. */
export async function bundleFor(entry: string, outfile: string): Promise<void> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'iife',
    target: 'es2023',
    minify: true,
    logLevel: 'warning',
    define: { MESH_SHIM_VERSION: JSON.stringify(version) },
  });
}

/**
 * Writes bundle.h, the bytecode as C. Compiled with a program made of the engine's own source: bytecode fits exactly one version of it.
 */
export function compileBundle(bundle: string, folder: string, toolchain: Toolchain): void {
  const compiler = join(folder, 'compile');
  const bytecode = join(folder, 'bundle.bytecode');
  const include = `-isystem${toolchain.engine}`;
  const sources = [...compileEngine(toolchain), `${hostFolder}/compile.c`];
  run(toolchain.zig, ['cc', ...ownCodeFlags, include, ...sources, '-o', compiler, '-lm'], 'bytecode compiler');
  run(compiler, [bundle, bytecode], 'bytecode');
  const bytes = [...readFileSync(bytecode)].join(',');
  writeFileSync(join(folder, 'bundle.h'), `static const unsigned char bundle_bytes[] = {${bytes}};\n`);
}
