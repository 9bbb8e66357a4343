import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../run-command.ts';
import { refuseLeftOut } from './engine-patches.ts';
import { leastMatch, packBehind } from './pack.ts';

/**
 * Writes chunks.h into a folder: the bytecode of each script as C, the first as it is, since each start reads it, the others packed.
 *
 * @param compiler made of the engine's own source: bytecode fits exactly one version of it
 */
export async function compileScripts(scripts: readonly Uint8Array[], compiler: string, folder: string): Promise<void> {
  const rows: string[] = [];
  let first: Uint8Array | undefined;
  const all: number[] = [];
  for (const [place, script] of scripts.entries()) {
    const [source, bytecode] = [`chunk-${place}.js`, `chunk-${place}.bytecode`].map((name) => join(folder, name));
    refuseLeftOut(Buffer.from(script).toString());
    writeFileSync(source as string, script);
    await runCommand(compiler, [source as string, bytecode as string], 'bytecode');
    const bytes = readFileSync(bytecode as string);
    const at = all.length;
    first ??= bytes;
    for (const byte of place === 0 ? bytes : packBehind(first, bytes)) all.push(byte);
    rows.push(`{${at}, ${all.length}, ${bytes.length}}`);
  }
  // What unpacks them reads eight bytes at a time, beyond the end, too.
  for (let extra = 0; extra < 8; extra++) all.push(0);
  const text = `#define LEAST_MATCH ${leastMatch}u
static const struct { unsigned from, to, size; } chunks[] = {${rows.join(', ')}};
static const unsigned char chunk_bytes[] = {${all.join(',')}};
`;
  const header = join(folder, 'chunks.h');
  writeFileSync(`${header}.partial`, text);
  renameSync(`${header}.partial`, header);
}
