/**
 * How a process ends that `createLifecycle` brought down. A person's second Ctrl-C ends it with 128 + the signal's number. An app that
 * has set `process.exitCode` keeps it where this would be 0.
 */
export const lifecycleExitCodes = {
  /** Everything was served and every hook ended in time. */
  drained: 0,
  /** A hook failed or exceeded its limit, or connections had to be cut. */
  incomplete: 1,
  /** An uncaught error or an unhandled rejection was the cause (EX_SOFTWARE of sysexits.h). */
  uncaughtError: 70,
} as const;
