import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

export interface Program {
  child: ChildProcess;
  /** Its standard output so far, by lines. */
  lines: string[];
  stderr(): string;
  /** The first line that it prints, parsed: its ports. */
  ready<T>(): Promise<T>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Ends it, if it has not ended. */
  kill(): void;
}

/**
 * Starts a TypeScript program of this repository; `path` counts from the repository's root.
 *
 * @param prefix a command that starts the rest, such as an init
 */
export function startProgram(
  path: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
  prefix: readonly string[] = [],
): Program {
  const root = new URL('../../', import.meta.url);
  const [file = '', ...words] = [...prefix, process.execPath, fileURLToPath(new URL(path, root)), ...args];
  const child = spawn(file, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const lines: string[] = [];
  let [rest, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return {
    child,
    lines,
    stderr: () => stderr,
    ready: async () => {
      const first = await until(`${path} to be ready`, () => {
        if (lines[0] === undefined && child.exitCode !== null) return 'ended';
        return lines[0];
      });
      if (first === 'ended') throw new Error(`${path} ended with ${child.exitCode}: ${stderr}`);
      return JSON.parse(first);
    },
    ended,
    kill: () => void child.kill('SIGKILL'),
  };
}
