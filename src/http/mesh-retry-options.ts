import type { Logger } from '../shared/logger.ts';

/**
 * How far the nearest Envoy's own word "it was not sent" is trusted, for methods that are not idempotent.
 * - `strict`: only where Envoy says so of its only try. Safe under every retry policy of the mesh.
 * - `istio-default-policy`: also after Envoy's own retries, which under Istio's default policy (1.24 and later) repeat nothing that can
 *   have been processed. Under another policy (`retryOn: 5xx,reset`) this repeats requests that were delivered.
 * - `off`: never.
 */
export type SidecarTrust = 'strict' | 'istio-default-policy' | 'off';

/** Options of `createMeshAgent`, `meshRetry` and `createMeshFetch`, and of one request of theirs; `undefined` means the default. */
export interface MeshRetryOptions {
  /**
   * How far the nearest sidecar's own word that a request was not sent is trusted for POST, PATCH and the like.
   *
   * Must be 'strict', 'istio-default-policy' or 'off'. Default: `'strict'`. Safe under every retry policy. Set
   * `'istio-default-policy'` when you have not changed Istio's: then POSTs do not see a roll-out either.
   */
  readonly trustSidecar?: SidecarTrust | undefined;
  /**
   * Time for everything until the head of the final reply is there: attempts and pauses. A smaller
   * `x-envoy-expected-rq-timeout-ms` among the request headers takes its place.
   *
   * Must be a number of milliseconds above 0, at most 2147483647 (24 days), or Infinity. Default: `10000` ms. The
   * caller does not see a start or a roll-out of some seconds.
   */
  readonly deadlineMs?: number | undefined;
  /**
   * Time for one attempt until the head of its reply is there.
   *
   * Must be a number of milliseconds above 0, at most 2147483647 (24 days), or Infinity. Default: `Infinity`. A slow
   * reply is not a failure. Set it where a pod that hangs should be left for another one.
   */
  readonly attemptTimeoutMs?: number | undefined;
  /**
   * Retries (not attempts) of what may have been processed. What was never sent is repeated until the deadline.
   *
   * Must be an integer from 0 up. Default: `2`. The same as Istio's default: enough for a passing fault, too few to
   * make an overload worse.
   */
  readonly maxRetries?: number | undefined;
  /**
   * Upper bound of the first pause before a retry of what may have been processed; it doubles each time. The pause is
   * drawn evenly between 0 and the bound (full jitter).
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: `250` ms. Begins where Envoy's own
   * backoff ends (250 ms), so that the two do not add up to a storm.
   */
  readonly backoffBaseMs?: number | undefined;
  /**
   * Greatest upper bound of the pauses before a retry of what may have been processed.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: `2000` ms. Some retries still fit into
   * the deadline.
   */
  readonly backoffCapMs?: number | undefined;
  /**
   * Upper bound of the first pause after a request that was never sent; it doubles each time (full jitter).
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: `50` ms. A refused connection costs
   * almost nothing, and most starts are over in a second.
   */
  readonly arrivalBaseMs?: number | undefined;
  /**
   * Greatest upper bound of the pauses after a request that was never sent, where no other request waits for the same
   * origin.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: `100` ms. The median request is through
   * 30 ms after the recovery.
   */
  readonly arrivalCapMs?: number | undefined;
  /**
   * With several requests waiting for the same origin, the upper bound is at least this much for each of them.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: `15` ms. However many wait, they ask and
   * come back at no more than about 130 a second: no herd.
   */
  readonly arrivalSpreadMs?: number | undefined;
  /**
   * Replies that an idempotent request is repeated on.
   *
   * Must be a list of statuses from 400 to 599. Default: `[429, 502, 503, 504]`. They say that the fault may pass. 500
   * does not: it is a bug.
   */
  readonly retryStatuses?: readonly number[] | undefined;
  /**
   * A request that carries this header counts as idempotent, whatever its method.
   *
   * Must be the name of a header, or false. Default: `'idempotency-key'`. That is what the header promises: the server
   * recognises the repetition.
   */
  readonly idempotencyKeyHeader?: string | false | undefined;
  /**
   * Of an origin's requests under way, the share that may be retrying, pauses included. Exempt is what waits for
   * somebody to listen: connections refused on the spot, and replies of a sidecar that is believed to have reached
   * nobody.
   *
   * Must be a number from 0 to 1. Default: `0.2`. The same as Envoy's: retries stay a small part of the load while a
   * service is failing.
   */
  readonly retryBudget?: number | undefined;
  /**
   * Requests of an origin that may be retrying whatever their share.
   *
   * Must be an integer from 0 up. Default: `3`. The same as Envoy's: a client with few requests may retry too.
   */
  readonly retryBudgetMin?: number | undefined;
  /**
   * `'throw'` turns a final reply that is in `retryStatuses`, or that the nearest sidecar made, into a `MeshReplyError`
   * with its classification.
   *
   * Must be 'return' or 'throw'. Default: `'return'`. A reply is a reply: code that checks the status goes on working.
   */
  readonly failedReplies?: 'return' | 'throw' | undefined;
  /**
   * With OpenTelemetry: `'request'` makes one span for a request with all of its attempts, `'attempts'` leaves it to
   * the app's instrumentation, which makes one for each.
   *
   * Must be 'request' or 'attempts'. Default: `'request'`. A wait of a second would be a row of failed spans.
   */
  readonly spans?: 'request' | 'attempts' | undefined;
  /**
   * Gets a line for each retry (debug), and one per origin and second for waits (info) and for requests that are given
   * up (warn); `suppressed` counts the others, whose lines go to debug.
   *
   * Must be an object with the methods debug, info, warn and error, such as a pino logger. Default: JSON, on stderr. A
   * wait or a failure that nobody hears of is looked for elsewhere. An app with a logger of its own passes it.
   */
  readonly logger?: Logger | undefined;
}
