import { exitCodes } from './exit-codes.ts';
import type { Host, Launch, LaunchFailure } from './host.ts';
import type { Log } from './log.ts';
import { readProgramFile } from './program-file.ts';

/** What the system's refusals mean to who started a program; others are told by their names. */
const refusals: Readonly<Record<string, string>> = {
  EISDIR: 'is a directory',
  EACCES: 'not executable (EACCES)',
  EPERM: 'the kernel refuses it (EPERM): has it file capabilities that this container does not have?',
  ETXTBSY: 'it is open for writing (ETXTBSY)',
  E2BIG: 'arguments and environment are longer than the kernel takes (E2BIG)',
  ELOOP: 'its path leads in a circle of links (ELOOP)',
  ENAMETOOLONG: 'its name is longer than the system takes (ENAMETOOLONG)',
  ENOMEM: 'there is not enough memory (ENOMEM)',
  EAGAIN: 'no process can be made (EAGAIN): a limit of processes is reached',
  EMFILE: 'no file can be opened (EMFILE): a limit of descriptors is reached',
  ENFILE: 'no file can be opened (ENFILE): a limit of descriptors is reached',
};

/** Says why the app has not been started; answers the exit code for it, as shells have it. */
export function reportLaunchFailure(
  { reason, code }: LaunchFailure,
  command: string,
  log: Log,
  /** What was found, and who can read it. */
  found?: { readonly launch: Launch; readonly host: Pick<Host, 'readHead'> },
): number {
  const isMissing = reason === 'not-found';
  const path = found?.launch.path ?? command;
  const why = isMissing
    ? whyNotFound(command)
    : (whyNoProgram(code, found?.host.readHead(path) ?? '') ?? refusals[code] ?? `not executable (${code})`);
  log.giveUp(`cannot start ${JSON.stringify(command)}: ${why}; the app has not been started`);
  return (isMissing ? exitCodes.notFound : exitCodes.notExecutable).code;
}

function whyNotFound(command: string): string {
  return command.includes('/') ? 'no such file' : 'not found in PATH';
}

/** Of a file that may be executed, the system says these of what it names, or of its own bytes. */
const ofItsContent = ['ENOENT', 'ENOEXEC', 'EACCES', 'ENOTDIR', 'ELOOP', 'ELIBBAD', 'EIO'];

/** The file is there, and what is wrong stands in its first bytes. */
function whyNoProgram(code: string, head: string): string | undefined {
  if (!ofItsContent.includes(code)) return undefined;
  const file = readProgramFile(head);
  if (file.kind === 'script') {
    if (file.interpreter === '') return 'its #! line names no interpreter';
    const shown = JSON.stringify(file.interpreter);
    const lineEnds = file.interpreter.endsWith('\r') ? ': the file has the line ends of Windows (CR LF)' : '';
    return `the interpreter of its #! line, ${shown}, does not exist or is no program${lineEnds}`;
  }
  if (file.kind === 'elf' && code === 'ENOEXEC') return 'built for another architecture, or cut off (ENOEXEC)';
  if (file.kind === 'elf') {
    const loader = `its loader ${file.loader ?? ''}`;
    return code === 'ENOENT'
      ? `${loader} is missing: it was built for another C library (glibc, musl)`
      : `${loader} cannot be used (${code})`;
  }
  if (code !== 'ENOEXEC') return undefined;
  return 'not a program that this machine can run (no #! line, and no text for /bin/sh)';
}
