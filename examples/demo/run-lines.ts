import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';

export interface LineHandlers {
  onStdout(line: string): void;
  onStderr?(line: string): void;
}

/**
 * Runs a program of Node and hands on each line that it writes, as it comes.
 *
 * @returns its exit code, once its output is complete; 1 when a signal ended it
 */
export function runNode(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { onStdout, onStderr }: LineHandlers,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', onStderr ? 'pipe' : 'inherit'],
    });
    if (child.stdout) createInterface(child.stdout).on('line', onStdout);
    if (child.stderr && onStderr) createInterface(child.stderr).on('line', onStderr);
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
