import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import process from 'node:process';

export interface ToolRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function spawnTool(args: readonly string[], cwd = process.cwd()) {
  const entry = resolve(import.meta.dirname, '../../bin/mesh-shim.ts');
  return spawn(process.execPath, [entry, ...args], { cwd, stdio: 'pipe' });
}

/** Runs a tool as a process of its own, to its end. */
export async function runTool(
  args: readonly string[],
  options: { cwd?: string; stdin?: string } = {},
): Promise<ToolRun> {
  const child = spawnTool(args, options.cwd);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  child.stdin.on('error', () => {}); // a tool that reads no input may be gone before it is written
  child.stdin.end(options.stdin ?? '');
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}
