import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { runCommand } from '../run-command.ts';
import { leastMatch, pack } from './pack.ts';

/** All that the engine will run, as one script. */
export async function bundleFor(entry: string): Promise<Uint8Array> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const { outputFiles } = await build({
    entryPoints: [entry],
    write: false,
    bundle: true,
    format: 'iife',
    target: 'es2023',
    minify: true,
    logLevel: 'warning',
    define: { MESH_SHIM_VERSION: JSON.stringify(version) },
  });
  return outputFiles[0]?.contents as Uint8Array;
}

/**
 * Writes bundle.h into a folder, the bytecode, packed, as C.
 *
 * @param compiler made of the engine's own source: bytecode fits exactly one version of it
 */
export async function compileBundle(bundle: Uint8Array, compiler: string, folder: string): Promise<void> {
  const [script, bytecode, header] = ['bundle.js', 'bundle.bytecode', 'bundle.h'].map((name) => join(folder, name));
  writeFileSync(script as string, bundle);
  await runCommand(compiler, [script as string, bytecode as string], 'bytecode');
  const bytes = readFileSync(bytecode as string);
  const packed = pack(bytes);
  const sizes = [`BUNDLE_SIZE ${bytes.length}u`, `PACKED_SIZE ${packed.length}u`, `LEAST_MATCH ${leastMatch}u`];
  const defines = sizes.map((size) => `#define ${size}\n`).join('');
  // What unpacks it reads eight bytes at a time, beyond the end, too.
  const padded = [...packed, ...new Uint8Array(8)];
  writeFileSync(`${header}.partial`, `${defines}static const unsigned char packed_bundle[] = {${padded.join(',')}};\n`);
  renameSync(`${header}.partial`, header as string);
}
