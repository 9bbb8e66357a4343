import type { Logger } from '../shared/logger.ts';

/** Whatever an attempt threw: as a rule an error of the driver, with fields that only the driver knows. */
// biome-ignore lint/suspicious/noExplicitAny: as for what a promise is rejected with
export type AttemptFailure = any;

/** Options of `connectWithRetry`; `undefined` means the default. */
export interface ConnectOptions<Connection = unknown> {
  /**
   * What is connected to, for log lines and errors.
   *
   * Must be a string that is not empty. Default: `'connection'`. An attempt is a function and has no name of its own.
   * For `waitForEndpoint` it is the address.
   */
  readonly name?: string | undefined;
  /**
   * Time for everything: attempts and pauses. At its end the attempt under way is cut off.
   *
   * Must be a number of milliseconds above 0, at most 2147483647 (24 days), or Infinity. Default: `60000` ms. The same
   * as the wait for the sidecar: most servers have started by then, and Kubernetes restarts what ends.
   */
  readonly deadlineMs?: number | undefined;
  /**
   * Time for one attempt; then its signal aborts, and its result, should one come, is given to `close`.
   *
   * Must be a number of milliseconds above 0, at most 2147483647 (24 days), or Infinity. Default: `10000` ms. Istio's
   * own limit for reaching the server: a shorter one cuts attempts that the sidecar is still making.
   */
  readonly attemptTimeoutMs?: number | undefined;
  /**
   * Upper bound of the first pause; it doubles each time. The pause is drawn evenly between 0 and the bound (full
   * jitter).
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: `100` ms. A server that is nearly up is
   * met quickly.
   */
  readonly backoffBaseMs?: number | undefined;
  /**
   * Greatest upper bound of a pause.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: `2000` ms. On average one second is lost
   * after the recovery, and a hundred waiting pods ask a hundred times a second.
   */
  readonly backoffCapMs?: number | undefined;
  /**
   * Called with each failure. A string that it returns is the reason to stop at once; undefined means try again.
   *
   * Must be a function. Default: `fatalReason`. It knows the failures that repetition cannot cure. A wrong password
   * that is repeated locks accounts.
   */
  readonly fatal?: ((error: AttemptFailure) => string | undefined) | undefined;
  /**
   * Called with a connection that came after its attempt had been cut off. `waitForEndpoint` does not take it.
   *
   * Must be a function. Default: none. Nothing else can close it. Not needed where the attempt itself heeds its signal.
   */
  readonly close?: ((connection: Connection) => unknown) | undefined;
  /**
   * Ends the attempt or pause under way; the promise is rejected with the signal's reason.
   *
   * Must be an AbortSignal. Default: none.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Gets a line for each failure with its reason and the next pause (info; debug while the reason stays the same), for
   * the success after failures (info) and for giving up (warn).
   *
   * Must be an object with the methods debug, info, warn and error, such as a pino logger. Default: JSON, on stderr. A
   * wait or a failure that nobody hears of is looked for elsewhere. An app with a logger of its own passes it.
   */
  readonly logger?: Logger | undefined;
}
