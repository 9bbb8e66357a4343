import { readFileSync } from 'node:fs';

/**
 * A prefix for `runCommand`: runs the rest as the leader of a session on a new terminal. What is written to stdin is
 * typed there, what the terminal shows comes on stdout, and the exit code is the program's.
 */
export const onTerminal = [
  'python3',
  '-c',
  `
import os, pty, select, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
keyboard = 0
while True:
    readable = select.select([terminal] + ([keyboard] if keyboard is not None else []), [], [])[0]
    if keyboard in readable:
        typed = os.read(keyboard, 4096)
        if typed: os.write(terminal, typed)
        else: keyboard = None
    if terminal in readable:
        try: shown = os.read(terminal, 4096)
        except OSError: break
        if not shown: break
        os.write(1, shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
`,
];

export const keys = { interrupt: '\x03', suspend: '\x1a', quit: '\x1c' } as const;

export interface ProcessStat {
  /** `T`: stopped. */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** The group in the foreground of its terminal; -1 where it has none. */
  readonly foreground: number;
}

/** What the kernel says of the process: proc_pid_stat(5). */
export function statOf(pid: number): ProcessStat {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const [state = '', parent, group, session, , foreground] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const numbers = [parent, group, session, foreground].map(Number) as [number, number, number, number];
  return { state, parent: numbers[0], group: numbers[1], session: numbers[2], foreground: numbers[3] };
}
