/**
 * Every exit code that is not the app's own, with its reason. Help and documentation are made
 * from this table.
 */
export const exitCodes = {
  notReady: {
    code: 1,
    when: '`probe`: status not 200 to 399, or no answer; `quit`: no sidecar took the request; `status`: not ready; `install`: not written',
  },
  usage: { code: 64, when: 'a wrong option, value, variable or command line; nothing was started (EX_USAGE)' },
  timedOut: {
    code: 69,
    when: 'the sidecar, or another address that was waited for, was not ready in time (EX_UNAVAILABLE)',
  },
  internal: { code: 70, when: 'an internal error of mesh-shim (EX_SOFTWARE)' },
  notExecutable: { code: 126, app: true, when: 'COMMAND was found but cannot be executed' },
  notFound: { code: 127, app: true, when: 'COMMAND was not found' },
  /** Plus the signal's number. */
  signalBase: {
    code: 128,
    shown: '128+n',
    when: 'signal n ended the app, or mesh-shim during the wait (129 HUP, 130 INT, 131 QUIT, 143 TERM)',
  },
} as const satisfies Record<string, ExitCode>;

interface ExitCode {
  readonly code: number;
  /** How people read it, where it is no single number. */
  readonly shown?: string;
  /** Only a command that starts an app has it. */
  readonly app?: true;
  readonly when: string;
}

/** The table's rows for people: code and reason; without `app`, those of a command that starts none. */
export function exitCodeRows({ app = true } = {}): [string, string][] {
  const rows = Object.values<ExitCode>(exitCodes).filter((row) => app || !row.app);
  return rows.map(({ code, shown, when }) => [shown ?? String(code), when]);
}
