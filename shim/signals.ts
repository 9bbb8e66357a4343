/** A signal by its name and its number on Linux, which is part of an exit code. */
export interface Signal {
  readonly name: string;
  readonly number: number;
}

/** Linux' numbers on x86-64 and arm64 (signal(7)), without those that no process can handle: KILL and STOP. */
const standardSignals = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
} as const;

export type SignalName = keyof typeof standardSignals;

/** Those that a supervisor hands on: all that somebody else sends, none that the kernel raises for the shim's own faults. */
export const forwardedSignals = [
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGTERM',
  'SIGSTKFLT',
  'SIGCONT',
  'SIGTSTP',
  'SIGTTIN',
  'SIGTTOU',
  'SIGURG',
  'SIGXCPU',
  'SIGVTALRM',
  'SIGPROF',
  'SIGWINCH',
  'SIGIO',
  'SIGPWR',
] as const satisfies readonly SignalName[];

/** Those that end the shim while it waits: the app has not started, so there is nothing that could take its time. */
export const endingSignals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const satisfies readonly SignalName[];

/** Those that stop a job at a terminal: the shim stops together with the app, so that the shell sees its job stopped. */
export const stoppingSignals = ['SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const satisfies readonly SignalName[];

/** Those that a terminal's keys, or a change of its size, send to the foreground process group. */
export const terminalSignals = ['SIGINT', 'SIGQUIT', 'SIGTSTP', 'SIGWINCH'] as const satisfies readonly SignalName[];

export function signalNamed(name: SignalName): Signal {
  return { name, number: standardSignals[name] };
}

export function signalNumbered(number: number): Signal {
  const entry = Object.entries(standardSignals).find(([, value]) => value === number);
  return { name: entry ? entry[0] : `signal ${number}`, number };
}

export function isOneOf(signal: Signal, names: readonly string[]): boolean {
  return names.includes(signal.name);
}
