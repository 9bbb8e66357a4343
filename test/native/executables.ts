import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { executablePath, type NativeArch } from '../../scripts/native/targets.ts';
import { compiledProgram } from '../helpers/compiled-program.ts';
import { runScript } from '../helpers/run-script.ts';

/** The executable under test, built where it is missing. */
export function executable(arch: NativeArch): string {
  const path = resolve(executablePath(arch));
  if (!existsSync(path)) runScript('scripts/build-native.ts');
  return path;
}

/** A program of test/native/apps. */
export function staticApp(arch: NativeArch, name: 'probe' | 'confine' = 'probe'): string {
  return compiledProgram(`test/native/apps/${name}.c`, arch);
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
