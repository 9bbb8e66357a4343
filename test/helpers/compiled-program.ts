import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type NativeArch, nativeTargets } from '../../scripts/native/targets.ts';
import { nativeCache, prepareToolchain, run } from '../../scripts/native/toolchain.ts';

/** A static program of one C file, built once for each version of it with the compiler of the executables; its path. */
export function compiledProgram(source: string, arch = process.arch as NativeArch): string {
  const version = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12);
  const path = `${nativeCache}/${basename(source, '.c')}-${arch}-${version}`;
  if (!existsSync(path)) {
    const flags = ['-target', nativeTargets[arch].zig, '-static', '-O1', '-g0', '-fno-sanitize=undefined'];
    run(prepareToolchain().zig, ['cc', ...flags, source, '-o', path], source);
  }
  return path;
}
