import { exitCodes } from './exit-codes.ts';
import type { LaunchFailure } from './host.ts';
import type { Log } from './log.ts';

/** Says why the app has not been started; answers the exit code for it, as shells have it. */
export function reportLaunchFailure({ reason, code }: LaunchFailure, command: string, log: Log): number {
  const isMissing = reason === 'not-found';
  const why = isMissing ? whyNotFound(command) : whyNotExecutable(code);
  log.error(`cannot start ${JSON.stringify(command)}: ${why}; the app has not been started`);
  return (isMissing ? exitCodes.notFound : exitCodes.notExecutable).code;
}

function whyNotFound(command: string): string {
  return command.includes('/') ? 'no such file' : 'not found in PATH';
}

function whyNotExecutable(code: string): string {
  if (code === 'EISDIR') return 'is a directory';
  if (code === 'ENOEXEC') {
    return 'not a program that this machine can run (no #! line, or built for another architecture)';
  }
  return `not executable (${code})`;
}
