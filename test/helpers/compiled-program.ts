import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { basename } from 'node:path';
import process from 'node:process';
import { type NativeArch, nativeTargets } from '../../scripts/native/targets.ts';
import { findToolchain, nativeCache, type Toolchain, zigEnvironment } from '../../scripts/native/toolchain.ts';
import { runScript } from './run-script.ts';

/** A static program of one C file, built once for each version of it with the compiler of the executables; its path. */
export function compiledProgram(source: string, arch = process.arch as NativeArch): string {
  const version = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12);
  const path = `${nativeCache}/${basename(source, '.c')}-${arch}-${version}`;
  if (!existsSync(path)) {
    // Test files that run at the same time may want the same program: it takes its place when it is whole.
    const partial = `${path}.partial-${process.pid}`;
    const flags = ['-target', nativeTargets[arch].zig, '-static', '-O1', '-g0', '-fno-sanitize=undefined'];
    const args = ['cc', ...flags, source, '-o', partial];
    const { status, stderr } = spawnSync(toolchain().zig, args, { encoding: 'utf8', env: zigEnvironment() });
    if (status !== 0) throw new Error(`${source}: the compiler ended with ${status}:\n${stderr}`);
    renameSync(partial, path);
  }
  return path;
}

function toolchain(): Toolchain {
  if (!findToolchain()) runScript('scripts/build-native.ts');
  return findToolchain() as Toolchain;
}
