import { UsageError } from '../src/command-line/usage-error.ts';
import { exitCodes } from './exit-codes.ts';
import type { Host, LogSink } from './host.ts';
import { leaveTerminationMessage } from './termination-message.ts';

export type FaultHost = Pick<Host, 'overwriteFile'> & { readonly log: Pick<LogSink, 'write'> };

/**
 * Says what has gone wrong, the user's mistake on one line, and leaves it in the file for it, if there is one; answers
 * the exit code for it.
 */
export function reportFault(error: unknown, host: FaultHost, terminationLog: () => string | undefined): number {
  const [text, { code }] = describeFault(error);
  host.log.write(text);
  try {
    const path = terminationLog();
    if (path !== undefined) leaveTerminationMessage(host, path, text);
  } catch {
    // What has gone wrong before can go wrong again: its report stands in the log.
  }
  return code;
}

function describeFault(error: unknown): [string, { readonly code: number }] {
  if (error instanceof UsageError) return [`mesh-shim: ${error.message} (--help lists all)\n`, exitCodes.usage];
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: '' };
  return [`mesh-shim: internal error, please report it: ${message}\n${stack ?? ''}\n`, exitCodes.internal];
}
