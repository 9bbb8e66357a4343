import type { Child, Launch, LaunchFailure, LaunchOptions } from '../host.ts';
import { type Signal, signalNamed, signalNumbered } from '../signals.ts';
import { errorName, isError } from './errno.ts';
import { examineFile } from './examine-file.ts';
import type { NativeSignals } from './native-signals.ts';
import type { System } from './system.ts';

/** Starts the program as a child, and reaps every process that ends below this one, the orphans that it inherits too. */
export function spawnProgram(
  { path, argv }: Launch,
  { ownGroup, group, subreaper, parentDeath }: LaunchOptions,
  system: System,
  signals: NativeSignals,
): Child | LaunchFailure {
  if (subreaper) system.becomeSubreaper();
  const terminal = group ? ownTerminal(system) : -1;
  let tellEnd = (_status: number): void => {};
  const ended = new Promise<{ code: number } | { signal: Signal }>((resolve) => {
    tellEnd = (status) => {
      const signal = status & 0x7f;
      resolve(signal === 0 ? { code: (status >> 8) & 0xff } : { signal: signalNumbered(signal) });
    };
  });

  const pid = system.spawn(path, argv, ownGroup, terminal, parentDeath?.number ?? 0);
  if (pid < 0) return launchFailure(pid, path, system);
  const target = group ? -pid : pid;
  const takeTerminal = (owner: number): void => {
    if (terminal >= 0) system.setForeground(terminal, owner);
  };

  signals.onChild(() => {
    for (;;) {
      const found = system.wait(-1);
      if (typeof found === 'number') return;
      const [who, status] = found;
      const stopped = (status & 0xff) === 0x7f;
      if (who !== pid) continue;
      if (!stopped) {
        takeTerminal(system.group());
        tellEnd(status);
      } else if (terminal >= 0) {
        // Ctrl-Z reached the app's own group only: the shell that started the shim is to see its job stopped, too.
        takeTerminal(system.group());
        system.kill(system.pid(), signalNamed('SIGSTOP').number);
        takeTerminal(pid);
        system.kill(target, signalNamed('SIGCONT').number);
      }
    }
  });
  return {
    kind: 'child',
    pid,
    ended,
    send: ({ number }) => void system.kill(target, number),
    sendToGroup: ({ number }) => void system.kill(-pid, number),
    hasGroup: () => !isError(system.kill(-pid, 0), 'ESRCH'),
  };
}

/** The terminal in whose foreground this process stands; -1 where there is none. */
function ownTerminal(system: System): number {
  return [0, 1, 2].find((fd) => system.foreground(fd) === system.group()) ?? -1;
}

export function launchFailure(answer: number, path: string, system: System): LaunchFailure {
  // The file that is missing may be the one that a `#!` line or an ELF file names.
  const isMissing = isError(answer, 'ENOENT') && examineFile(path, system) === 'missing';
  return { kind: 'failure', reason: isMissing ? 'not-found' : 'not-executable', code: errorName(answer) };
}
