/**
 * Says whether one thing works. It fails when it throws or rejects, exceeds its time limit, or gives `false`, an Error or
 * an object whose `ok` is not true (so that a `Response` of fetch counts as it should); any other value passes.
 * `signal` is aborted at the time limit.
 */
export type Check = (context: { readonly signal: AbortSignal }) => unknown;

/** A check with limits of its own. */
export interface CheckOptions {
  /**
   * Says whether one thing works.
   *
   * Must be a function. There is no default.
   */
  readonly check: Check;
  /**
   * Time limit of this check.
   *
   * Must be a number of milliseconds from 1 to 2147483647 (24 days). Default: the server's `checkTimeoutMs`.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * How long this check's result is reused.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: the server's `cacheMs`.
   */
  readonly cacheMs?: number | undefined;
}
