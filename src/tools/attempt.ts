import { text } from 'node:stream/consumers';
import { getSystemErrorMap } from 'node:util';
import { ToolError, type ToolIo } from './tool.ts';

/** Reads or writes a file; `what` says so for people: `read web.yaml`. @throws ToolError that says what failed, and why */
export function attempt<Result>(what: string, act: () => Result): Result {
  try {
    return act();
  } catch (cause) {
    throw failed(what, cause);
  }
}

/** All of standard input, as UTF-8. @throws ToolError when it cannot be read: it may be a folder */
export async function readStandardInput({ stdin }: ToolIo): Promise<string> {
  try {
    return await text(stdin);
  } catch (cause) {
    throw failed('read standard input', cause);
  }
}

/** What a system call says of its failure: `no such file or directory`. Undefined for any other error. */
export function systemReason(error: unknown): string | undefined {
  const { errno } = error as NodeJS.ErrnoException;
  return error instanceof Error && typeof errno === 'number' ? getSystemErrorMap().get(errno)?.[1] : undefined;
}

function failed(what: string, cause: unknown): ToolError {
  // The parser of YAML shows the place in further lines.
  const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return new ToolError(`cannot ${what}: ${systemReason(cause) ?? line.replace(/:$/, '')}`, { cause });
}
