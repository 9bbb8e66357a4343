/** Runs of one check that have not ended in time. What they hold, such as a pooled connection, may never come back. */
export interface GivenUpRuns {
  add(run: { readonly ended: boolean }, now: number): void;
  /** How long the next run must wait; 0 when it may start. */
  waitMs(now: number): number;
}

/** Of one check. */
export const mostGivenUp = 3;

/** How long a run that was given up counts, unless it ends before. Without an end to it a dependency that healed would not be seen. */
const countsForMs = 60_000;

export function createGivenUpRuns(): GivenUpRuns {
  let runs: { readonly run: { readonly ended: boolean }; readonly until: number }[] = [];
  return {
    add(run, now) {
      runs.push({ run, until: now + countsForMs });
    },
    waitMs(now) {
      runs = runs.filter(({ run, until }) => !run.ended && until > now);
      const [oldest] = runs;
      return oldest === undefined || runs.length < mostGivenUp ? 0 : oldest.until - now;
    },
  };
}
