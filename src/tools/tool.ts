import type { Readable, Writable } from 'node:stream';

/** What a command may touch. It never exits and reads nothing of the process itself. */
export interface ToolIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether standard output is a terminal: then colours. */
  readonly isTerminal: boolean;
}

export const exitClean = 0;
export const exitFound = 1;
export const exitNotDone = 2;

/** The user's mistake, or something outside that failed: one line, exit code 2, no stack. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly code = 'ERR_MESH_SHIM_TOOL';
}
