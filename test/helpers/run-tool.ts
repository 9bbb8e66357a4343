import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import process from 'node:process';
import { Readable, Writable } from 'node:stream';
import { runTool as runToolWith, type ToolCommand } from '../../src/tools/run-tool.ts';

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

/** Runs a tool in this process: the same code without the start of a process. Colours are on when `isTerminal` says so. */
export async function runToolHere(
  command: ToolCommand,
  args: readonly string[],
  options: {
    cwd?: string;
    stdin?: string | Uint8Array;
    isTerminal?: boolean;
    columns?: number;
    env?: Record<string, string>;
  } = {},
): Promise<ToolRun> {
  const { cwd = process.cwd(), stdin = '', isTerminal = false, columns, env = {} } = options;
  const [stdout, stderr] = [collector(), collector()];
  const io = {
    stdin: Readable.from([stdin]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env,
    cwd,
    isTerminal,
    columns,
  };
  const code = await runToolWith(command, args, io);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collector() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
