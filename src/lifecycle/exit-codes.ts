/** How a process ends that {@link createLifecycle} brought down. A second signal ends it with 128 + the signal's number. */
export const lifecycleExitCodes = {
  /** Everything was served and every hook ended in time. */
  drained: 0,
  /** A hook failed or exceeded its limit, or connections had to be cut. */
  incomplete: 1,
  /** An uncaught error or an unhandled rejection was the cause (EX_SOFTWARE of sysexits.h). */
  uncaughtError: 70,
} as const;
