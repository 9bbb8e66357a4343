import type { FileKind, Launch, LaunchFailure } from './host.ts';

/** Where execvp looks when PATH is not set (glibc's and musl's common part). */
const defaultPath = '/usr/local/bin:/bin:/usr/bin';

/** The system's names for what keeps a file that is there from being executed. */
const refusals: Readonly<Record<Exclude<FileKind, 'program' | 'missing'>, string>> = {
  'not-executable': 'EACCES',
  directory: 'EISDIR',
  denied: 'EACCES',
  'link-loop': 'ELOOP',
  'name-too-long': 'ENAMETOOLONG',
};

/**
 * Finds COMMAND as execvp(3) does: a name with a slash is a path; others are looked for in PATH, whose empty parts mean
 * the working directory; what must not be executed is remembered, and the search goes on.
 */
export function findProgram(
  command: string,
  args: readonly string[],
  path: string | undefined,
  examine: (path: string) => FileKind,
): Launch | LaunchFailure {
  const argv = [command, ...args];
  const candidates = command.includes('/')
    ? [command]
    : (path ?? defaultPath).split(':').map((folder) => (folder === '' ? command : `${folder}/${command}`));
  let denied: LaunchFailure | undefined;
  for (const candidate of candidates) {
    const kind = examine(candidate);
    if (kind === 'program') return { path: candidate, argv };
    if (kind !== 'missing') denied ??= { kind: 'failure', reason: 'not-executable', code: refusals[kind] };
  }
  return denied ?? { kind: 'failure', reason: 'not-found', code: 'ENOENT' };
}
