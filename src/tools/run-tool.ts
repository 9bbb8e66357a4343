import type { Writable } from 'node:stream';
import { systemReason } from './attempt.ts';
import { check } from './check/check.ts';
import { completionOf } from './completion/completion.ts';
import { explain } from './explain/explain.ts';
import { toolHelp } from './help.ts';
import { image } from './image/image.ts';
import { logLevel } from './log-level/log-level.ts';
import { onOneLine } from './one-line.ts';
import { readCommandLine } from './options.ts';
import { path } from './path.ts';
import { template } from './template/template.ts';
import { type Tool, ToolError, type ToolIo, toolExitCodes, toolVersion } from './tool.ts';
import { wrap } from './wrap/wrap.ts';

export const tools = {
  check,
  explain,
  image,
  'log-level': logLevel,
  path,
  template,
  wrap,
  completion: completionOf((): Readonly<Record<string, Tool>> => tools),
} as const satisfies Record<string, Tool>;

export type ToolCommand = keyof typeof tools;

/** Runs a command to its end and resolves with its exit code, one of `toolExitCodes`; never rejects. */
export async function runTool(command: ToolCommand, args: readonly string[], io: ToolIo): Promise<number> {
  const written = watchWrites(io);
  try {
    const code = await carryOut(command, args, io);
    await written();
    return code;
  } catch (error) {
    return report(command, error, io);
  }
}

async function carryOut(command: ToolCommand, args: readonly string[], io: ToolIo): Promise<number> {
  const tool: Tool = tools[command];
  const line = readCommandLine(command, args, tool.options);
  if (line.kind === 'run') return await tool.run(line, io);
  io.stdout.write(line.kind === 'help' ? toolHelp(command, tool) : `mesh-shim ${toolVersion}\n`);
  return toolExitCodes.done.code;
}

/**
 * Takes note of what fails when the command writes; the function returned waits for the end of all writes.
 * A reader that has seen enough (`| head -1`) is no failure: the command does the rest of its work, in silence.
 */
function watchWrites({ stdout, stderr }: ToolIo): () => Promise<void> {
  let failure: NodeJS.ErrnoException | undefined;
  stdout.on('error', (error) => {
    failure ??= error;
  });
  stderr.on('error', () => {}); // nobody is left to be told
  return async () => {
    await flushed(stdout);
    if (failure === undefined || failure.code === 'EPIPE') return;
    throw new ToolError(`cannot write to standard output: ${systemReason(failure) ?? failure.message}`);
  };
}

/** The callback of a write may come before the event of its failure: that comes in the same turn. */
async function flushed(stream: Writable): Promise<void> {
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
  await new Promise((resolve) => setImmediate(resolve));
}

function report(command: string, error: unknown, { stderr }: ToolIo): number {
  if (error instanceof ToolError) {
    stderr.write(`mesh-shim ${command}: ${onOneLine(error.message)}\n`);
    return toolExitCodes.notDone.code;
  }
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: '' };
  stderr.write(`mesh-shim ${command}: internal error, please report it: ${message}\n${stack ?? ''}\n`);
  return toolExitCodes.internal.code;
}
