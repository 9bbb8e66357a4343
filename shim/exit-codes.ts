/**
 * Every exit code that is not the app's own, with its reason. Help is made from this table, the README's is tested
 * against it.
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
  notExecutable: { code: 126, when: 'COMMAND was found but cannot be executed' },
  notFound: { code: 127, when: 'COMMAND was not found' },
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
  readonly when: string;
}

/** The table's rows for people: code and reason. */
export function exitCodeRows(): [string, string][] {
  return Object.values<ExitCode>(exitCodes).map(({ code, shown, when }) => [shown ?? String(code), when]);
}
