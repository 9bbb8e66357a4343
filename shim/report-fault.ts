import { UsageError } from '../src/command-line/usage-error.ts';
import { exitCodes } from './exit-codes.ts';

/** Says what has gone wrong, the user's mistake on one line; answers the exit code for it. */
export function reportFault(error: unknown, write: (text: string) => void): number {
  if (error instanceof UsageError) {
    write(`mesh-shim: ${error.message} (--help lists all)\n`);
    return exitCodes.usage.code;
  }
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: '' };
  write(`mesh-shim: internal error, please report it: ${message}\n${stack ?? ''}\n`);
  return exitCodes.internal.code;
}
