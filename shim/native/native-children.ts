import type { Child, Launch, LaunchFailure, LaunchOptions } from '../host.ts';
import { type Signal, signalNamed, signalNumbered } from '../signals.ts';
import { errorName, isError } from './errno.ts';
import { examineFile } from './examine-file.ts';
import { hasStopped } from './helper-children.ts';
import type { NativeSignals } from './native-signals.ts';
import type { System } from './system.ts';

/** What is known of a child besides what the kernel knows; a rest keeps it. */
export interface ChildRecord {
  readonly pid: number;
  /** Signals go to all of its process group. */
  readonly group: boolean;
  /** The descriptor of the terminal that it has been lent; -1: none. */
  readonly terminal: number;
}

/** What is there for children. */
export interface ChildContext {
  readonly system: System;
  readonly signals: NativeSignals;
  readonly rest: (record: ChildRecord, memo: string) => void;
}

/** Starts the program as a child. */
export function spawnProgram(
  { path, argv }: Launch,
  { ownGroup, group, subreaper, parentDeath }: LaunchOptions,
  context: ChildContext,
): Child | LaunchFailure {
  const { system } = context;
  if (subreaper) system.becomeSubreaper();
  const terminal = group ? ownTerminal(system) : -1;
  const pid = system.spawn(path, argv, ownGroup, terminal, parentDeath?.number ?? 0);
  return pid < 0 ? launchFailure(pid, path, system) : watchChild({ pid, group, terminal }, context);
}

/** From here on every process that ends below this one is reaped, the orphans that it inherits too. */
export function watchChild(record: ChildRecord, { system, signals, rest }: ChildContext): Child {
  const { pid, group, terminal } = record;
  const target = group ? -pid : pid;
  const takeTerminal = (owner: number): void => {
    if (terminal >= 0) system.setForeground(terminal, owner);
  };
  const ended = new Promise<{ code: number } | { signal: Signal }>((resolve) => {
    signals.onChild((who, status) => {
      if (who !== pid) return;
      if (!hasStopped(status)) {
        takeTerminal(system.group());
        const signal = status & 0x7f;
        resolve(signal === 0 ? { code: (status >> 8) & 0xff } : { signal: signalNumbered(signal) });
      } else if (terminal >= 0) {
        // Ctrl-Z reached the app's own group only: the shell that started the shim is to see its job stopped, too.
        takeTerminal(system.group());
        system.kill(system.pid(), signalNamed('SIGSTOP').number);
        takeTerminal(pid);
        system.kill(target, signalNamed('SIGCONT').number);
      }
    });
  });
  return {
    kind: 'child',
    pid,
    ended,
    send: ({ number }) => void system.kill(target, number),
    sendToGroup: ({ number }) => void system.kill(-pid, number),
    hasGroup: () => !isError(system.kill(-pid, 0), 'ESRCH'),
    rest: (memo) => rest(record, memo),
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
