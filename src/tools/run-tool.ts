import { check } from './check/check.ts';
import { explain } from './explain.ts';
import { logLevel } from './log-level.ts';
import { path } from './path.ts';
import { template } from './template.ts';
import { exitNotDone, ToolError, type ToolIo } from './tool.ts';

export type { ToolIo } from './tool.ts';

const tools = { check, explain, 'log-level': logLevel, path, template } as const;

export type ToolCommand = keyof typeof tools;

/** Runs a command to its end and returns its exit code: 0 done or clean, 1 found something, 2 could not do it. */
export async function runTool(command: ToolCommand, args: readonly string[], io: ToolIo): Promise<number> {
  try {
    return await tools[command](args, io);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    io.stderr.write(`mesh-shim ${command}: ${error.message}\n`);
    return exitNotDone;
  }
}
