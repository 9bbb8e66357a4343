import { check } from './check.ts';
import { explain } from './explain.ts';
import { logLevel } from './log-level.ts';
import { path } from './path.ts';
import { template } from './template.ts';
import { EXIT_NOT_DONE, ToolError, type ToolIo } from './tool.ts';

export type { ToolIo } from './tool.ts';

const COMMANDS = { check, explain, 'log-level': logLevel, path, template } as const;

export type ToolCommand = keyof typeof COMMANDS;

/** Runs a command to its end and returns its exit code: 0 done or clean, 1 found something, 2 could not do it. */
export async function runTool(command: ToolCommand, args: readonly string[], io: ToolIo): Promise<number> {
  try {
    return await COMMANDS[command](args, io);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    io.stderr.write(`mesh-shim ${command}: ${error.message}\n`);
    return EXIT_NOT_DONE;
  }
}
