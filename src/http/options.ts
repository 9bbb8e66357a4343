import { defaultLogger, type Logger } from '../shared/logger.ts';
import { accepted, checkedOptions, fallbacks, type OptionRow } from '../shared/option-table.ts';

/**
 * How far the nearest Envoy's own word "it was not sent" is trusted, for methods that are not idempotent.
 * - `strict`: only where Envoy says so of its only try. Safe under every retry policy of the mesh.
 * - `istio-default-policy`: also after Envoy's own retries, which under Istio's default policy (1.24 and later) repeat nothing that can
 *   have been processed. Under another policy (`retryOn: 5xx,reset`) this repeats requests that were delivered.
 * - `off`: never.
 */
export type SidecarTrust = 'strict' | 'istio-default-policy' | 'off';

/** Options of `createMeshAgent`, `meshRetry` and `createMeshFetch`; `undefined` means the default. */
export interface MeshRetryOptions {
  readonly trustSidecar?: SidecarTrust | undefined;
  readonly deadlineMs?: number | undefined;
  readonly attemptTimeoutMs?: number | undefined;
  readonly maxRetries?: number | undefined;
  readonly backoffBaseMs?: number | undefined;
  readonly backoffCapMs?: number | undefined;
  readonly arrivalBaseMs?: number | undefined;
  readonly arrivalCapMs?: number | undefined;
  readonly arrivalSpreadMs?: number | undefined;
  readonly retryStatuses?: readonly number[] | undefined;
  readonly idempotencyKeyHeader?: string | false | undefined;
  readonly retryBudget?: number | undefined;
  readonly retryBudgetMin?: number | undefined;
  readonly failedReplies?: 'return' | 'throw' | undefined;
  readonly logger?: Logger | undefined;
}

/** All options, every one set. */
export type RetrySettings = { readonly [Name in keyof MeshRetryOptions]-?: Exclude<MeshRetryOptions[Name], undefined> };

export type RetryOptionRow = OptionRow<keyof MeshRetryOptions, RetrySettings[keyof MeshRetryOptions]>;

/** The one table of options: the defaults, the checks and the documentation are made from it. */
export const retryOptionTable: readonly RetryOptionRow[] = [
  {
    name: 'trustSidecar',
    accepts: "'strict', 'istio-default-policy' or 'off'",
    fallback: 'strict',
    isValid: oneOf('strict', 'istio-default-policy', 'off'),
    does: "How far the nearest sidecar's own word that a request was not sent is trusted for POST, PATCH and the like.",
    reason:
      "Safe under every retry policy. Set `'istio-default-policy'` when you have not changed Istio's: then a roll-out is not seen by POSTs either.",
  },
  {
    name: 'deadlineMs',
    ...accepted.limitMs,
    fallback: 10_000,
    does: 'Time for everything until the head of the final reply is there: attempts and pauses. A smaller `x-envoy-expected-rq-timeout-ms` among the request headers takes its place.',
    reason: 'A start or a roll-out of some seconds is not seen by the caller.',
  },
  {
    name: 'attemptTimeoutMs',
    ...accepted.limitMs,
    fallback: Number.POSITIVE_INFINITY,
    does: 'Time for one attempt until the head of its reply is there.',
    reason: 'A slow reply is no failure. Set it where a pod that hangs should be left for another one.',
  },
  {
    name: 'maxRetries',
    ...accepted.count,
    fallback: 2,
    does: 'Retries (not attempts) of what may have been processed. What was never sent is repeated until the deadline.',
    reason: "The same as Istio's default: enough for a passing fault, too few to make an overload worse.",
  },
  {
    name: 'backoffBaseMs',
    ...accepted.pauseMs,
    fallback: 250,
    does: 'Upper bound of the first pause before a retry of what may have been processed; it doubles each time. The pause is drawn evenly between 0 and the bound (full jitter).',
    reason: "Begins where Envoy's own backoff ends (250 ms), so that the two do not add up to a storm.",
  },
  {
    name: 'backoffCapMs',
    ...accepted.pauseMs,
    fallback: 2_000,
    does: 'Greatest upper bound of those pauses.',
    reason: 'Some retries still fit into the deadline.',
  },
  {
    name: 'arrivalBaseMs',
    ...accepted.pauseMs,
    fallback: 50,
    does: 'Upper bound of the first pause after a request that was never sent; it doubles each time (full jitter).',
    reason: 'A refused connection costs almost nothing, and most starts are over in a second.',
  },
  {
    name: 'arrivalCapMs',
    ...accepted.pauseMs,
    fallback: 100,
    does: 'Greatest upper bound of those pauses, for a request that waits alone.',
    reason: 'The median request is through 30 ms after the recovery.',
  },
  {
    name: 'arrivalSpreadMs',
    ...accepted.pauseMs,
    fallback: 15,
    does: 'For each request that waits for the same origin, the upper bound is at least this much.',
    reason: 'However many wait, they ask and come back at no more than about 130 a second: no herd.',
  },
  {
    name: 'retryStatuses',
    accepts: 'a list of statuses from 400 to 599',
    fallback: [429, 502, 503, 504],
    isValid: (value) =>
      Array.isArray(value) && value.every((status) => Number.isInteger(status) && status >= 400 && status <= 599),
    does: 'Replies that an idempotent request is repeated on.',
    reason: 'They say that the fault may pass. 500 does not: it is a bug.',
  },
  {
    name: 'idempotencyKeyHeader',
    accepts: 'the name of a header, or false',
    fallback: 'idempotency-key',
    isValid: (value) => value === false || (typeof value === 'string' && value !== ''),
    does: 'A request that carries this header counts as idempotent, whatever its method.',
    reason: 'That is what the header promises: the server recognises the repetition.',
  },
  {
    name: 'retryBudget',
    accepts: 'a share from 0 to 1',
    fallback: 0.2,
    isValid: (value) => typeof value === 'number' && value >= 0 && value <= 1,
    does: "Of an origin's requests under way, the share that may be retrying, pauses included. Connections refused on the spot are exempt.",
    reason: "The same as Envoy's: retries stay a small part of the load while a service is failing.",
  },
  {
    name: 'retryBudgetMin',
    ...accepted.count,
    fallback: 3,
    does: 'Requests of an origin that may be retrying whatever their share.',
    reason: "The same as Envoy's: a client with few requests may retry too.",
  },
  {
    name: 'failedReplies',
    accepts: "'return' or 'throw'",
    fallback: 'return',
    isValid: oneOf('return', 'throw'),
    does: "`'throw'` turns a final reply that is in `retryStatuses`, or that the nearest sidecar made, into a `MeshReplyError` with its classification.",
    reason: 'A reply is a reply: code that checks the status goes on working.',
  },
  {
    name: 'logger',
    ...accepted.logger,
    fallback: defaultLogger,
    does: 'Gets a line for each retry (debug), and for waits (info) and givings up (warn) one per origin and second; `untold` counts those that it stands for, which go to debug.',
    reason:
      'A wait or a failure that nobody hears of is looked for elsewhere. An app with a logger of its own passes it.',
  },
];

const defaultSettings = Object.freeze(fallbacks(retryOptionTable)) as RetrySettings;
const rows = new Map(retryOptionTable.map((row) => [row.name as string, row]));

/**
 * Checks options and fills in what is missing.
 *
 * @param base what an absent or undefined option means; the defaults unless given
 * @throws MeshOptionError for an unknown name or a value that is not accepted
 */
export function retrySettings(options: MeshRetryOptions = {}, base: RetrySettings = defaultSettings): RetrySettings {
  return checkedOptions(rows, options, base) as RetrySettings;
}

function oneOf(...values: readonly string[]): (value: unknown) => boolean {
  return (value) => values.includes(value as string);
}
