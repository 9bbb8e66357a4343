import type { StartCommand } from './start-commands.ts';

/** Programs that work on files and settings of the pod and call nobody. */
const localPrograms: ReadonlySet<string> = new Set([
  ...['[', 'cat', 'cd', 'chgrp', 'chmod', 'chown', 'cp', 'cut', 'date', 'echo', 'false', 'find', 'grep', 'head', 'id'],
  ...['install', 'ln', 'ls', 'mkdir', 'mv', 'printf', 'pwd', 'rm', 'rmdir', 'sed', 'set', 'sleep', 'sort', 'stat'],
  ...['sysctl', 'tail', 'tar', 'tee', 'test', 'touch', 'tr', 'true', 'umask', 'unzip', 'wc'],
]);

/** Whether a start is known to use no network: it copies files, sets their modes, or installs mesh-shim. */
export function isOffline(commands: readonly StartCommand[]): boolean {
  return (
    commands.length > 0 &&
    commands.every(
      ({ program, args }) =>
        (localPrograms.has(program) || (program === 'mesh-shim' && args[0] === 'install')) &&
        !args.some((arg) => arg.includes('$(') || arg.includes('`')),
    )
  );
}
