import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Build } from './builds.ts';

export interface RunOptions {
  /** The environment besides PATH. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A command that starts the rest: `['nice', '-n', '5']`. */
  readonly prefix?: readonly string[];
  readonly stdin?: string;
  readonly stdio?: StdioOptions;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** Resolves as soon as stdout and stderr together match; rejects when the process ends without. */
  saw(pattern: RegExp): Promise<RegExpMatchArray>;
  /** The process has ended and its output is complete. */
  readonly ended: Promise<Ending>;
}

/** Where the fixture stands. */
export const appPath = (name: string): string => fileURLToPath(new URL(`../fixtures/apps/${name}`, import.meta.url));

/** An app that tells of its readiness and of each signal: see test/fixtures/apps/signal-app.mjs. */
export const signalApp = (...args: string[]): string[] => [process.execPath, appPath('signal-app.mjs'), ...args];

export function runShim(build: Build, args: readonly string[], options: RunOptions = {}): Running {
  return runCommand([...build.command, ...args], options);
}

/** Starts a command with nothing in its environment but PATH and what is given; it does not outlive the test. */
export function runCommand(command: readonly string[], options: RunOptions = {}): Running {
  const [file = '', ...args] = [...(options.prefix ?? []), ...command];
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: { PATH: process.env.PATH, ...options.env },
    stdio: options.stdio ?? ['pipe', 'pipe', 'pipe'],
  });
  const pid = child.pid as number;
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  const told = (): void => {
    for (const watcher of watchers) watcher();
  };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    told();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    told();
  });
  child.stdin?.on('error', () => {}); // it need not read
  if (options.stdin !== undefined) child.stdin?.end(options.stdin);
  let over = false;
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      over = true;
      resolve({ code, signal });
      told();
    });
  });
  onTestFinished(async () => {
    if (!over) child.kill('SIGKILL');
    await ended;
  });
  return {
    child,
    pid,
    stdout: () => stdout,
    stderr: () => stderr,
    saw: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = (stdout + stderr).match(pattern);
          if (!match && !over) return;
          watchers.delete(look);
          if (match) resolve(match);
          else reject(new Error(`ended without ${pattern}; stdout: ${stdout}; stderr: ${stderr}`));
        };
        watchers.add(look);
        look();
      }),
    ended,
  };
}

/** Whether the process is there and has not ended. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
