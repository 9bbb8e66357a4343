import { isError } from './is-error.ts';

/** What begins each line, as with pino. */
export interface LogHead {
  /** pino's numbers: info, warn, error. */
  readonly level: 30 | 40 | 50;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly pid: number;
  readonly hostname: string;
  readonly name: string;
}

/** One line of the log in pino's shape, without its end. Fields that cannot be written as JSON never cost the message. */
export function logLine(head: LogHead, fields: object, message: string): string {
  try {
    return JSON.stringify({ ...head, ...fields, msg: message }, (_, value: unknown) => writable(value));
  } catch {
    return JSON.stringify({ ...head, msg: message }); // a cycle, or a getter that throws
  }
}

function writable(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return isError(value) ? writtenError(value) : value;
}

/** As pino writes errors: what they carry beside (`code`, ...), and the stacks of all causes in one. */
function writtenError(error: Error): object {
  const { cause: _, ...more } = error as Error & { cause?: unknown };
  return { ...more, type: error.name, message: error.message, stack: wholeStack(error) };
}

function wholeStack(error: Error, depth = 0): string {
  const stack = error.stack ?? `${error.name}: ${error.message}`;
  return isError(error.cause) && depth < 8 ? `${stack}\ncaused by: ${wholeStack(error.cause, depth + 1)}` : stack;
}
