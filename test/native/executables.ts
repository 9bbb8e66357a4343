import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { executablePath, type NativeArch, nativeTargets } from '../../scripts/native/targets.ts';
import { nativeCache, prepareToolchain, run } from '../../scripts/native/toolchain.ts';

/** The executable under test, built where it is missing. */
export function executable(arch: NativeArch): string {
  const path = resolve(executablePath(arch));
  if (!existsSync(path)) run('npm', ['run', 'build:native'], 'executables for the tests');
  return path;
}

/** A static program of test/native/apps, built once for each version of its source. */
export function staticApp(arch: NativeArch, name: 'probe' | 'confine' = 'probe'): string {
  const source = `test/native/apps/${name}.c`;
  const version = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12);
  const path = `${nativeCache}/${name}-${arch}-${version}`;
  if (!existsSync(path)) {
    const flags = ['-target', nativeTargets[arch].zig, '-static', '-O1', '-g0', '-fno-sanitize=undefined'];
    run(prepareToolchain().zig, ['cc', ...flags, source, '-o', path], 'test app');
  }
  return path;
}

/** Whether tests may make namespaces, change the root and take another user's id here. */
export const isRoot = process.getuid?.() === 0;

export interface Ran {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export function runToEnd(command: readonly string[], options: { env?: NodeJS.ProcessEnv } = {}): Ran {
  const [program = '', ...args] = command;
  const result = spawnSync(program, args, { timeout: 50_000, env: { PATH: process.env.PATH, ...options.env } });
  if (result.error) throw result.error;
  return { status: result.status, signal: result.signal, stdout: result.stdout, stderr: result.stderr.toString() };
}
