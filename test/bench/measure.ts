import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { compiledProgram } from '../helpers/compiled-program.ts';

export interface Run {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakKiB: number;
  readonly exitCode: number;
}

/** Runs a command some times, one after the other, and tells what the system counted for each. */
export async function measure(runs: number, command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run[]> {
  const child = spawn(compiledProgram('test/bench/programs/measure.c'), [String(runs), ...command], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await once(child, 'close');
  const lastLine = output.trimEnd().split('\n').at(-1) ?? '[]';
  return JSON.parse(lastLine) as Run[];
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The smallest value that is at least as large as that part of all. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}
