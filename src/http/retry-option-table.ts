import * as accepted from '../shared/accepted.ts';
import { type AllSet, optionTable } from '../shared/option-table.ts';
import type { MeshRetryOptions } from './mesh-retry-options.ts';

const headerName = /^[\w!#$%&'*+.^`|~-]+$/;

/** The options of `meshRetry`, and of every function of the HTTP client. */
export const retryOptionTable = optionTable<AllSet<MeshRetryOptions>>({
  trustSidecar: {
    ...accepted.oneOf(['strict', 'istio-default-policy', 'off']),
    default: 'strict',
    text: "How far the nearest sidecar's own word that a request was not sent is trusted for POST, PATCH and the like.",
    reason:
      "Safe under every retry policy. Set `'istio-default-policy'` when you have not changed Istio's: then POSTs do not see a roll-out either.",
  },
  deadlineMs: {
    ...accepted.limitMs,
    default: 10_000,
    text: 'Time for everything until the head of the final reply is there: attempts and pauses. A smaller `x-envoy-expected-rq-timeout-ms` among the request headers takes its place.',
    reason: 'The caller does not see a start or a roll-out of some seconds.',
  },
  attemptTimeoutMs: {
    ...accepted.limitMs,
    default: Number.POSITIVE_INFINITY,
    text: 'Time for one attempt until the head of its reply is there.',
    reason: 'A slow reply is not a failure. Set it where a pod that hangs should be left for another one.',
  },
  maxRetries: {
    ...accepted.integer(0),
    default: 2,
    text: 'Retries (not attempts) of what may have been processed. What was never sent is repeated until the deadline.',
    reason: "The same as Istio's default: enough for a passing fault, too few to make an overload worse.",
  },
  backoffBaseMs: {
    ...accepted.durationMs(0),
    default: 250,
    text: 'Upper bound of the first pause before a retry of what may have been processed; it doubles each time. The pause is drawn evenly between 0 and the bound (full jitter).',
    reason: "Begins where Envoy's own backoff ends (250 ms), so that the two do not add up to a storm.",
  },
  backoffCapMs: {
    ...accepted.durationMs(0),
    default: 2_000,
    text: 'Greatest upper bound of the pauses before a retry of what may have been processed.',
    reason: 'Some retries still fit into the deadline.',
  },
  arrivalBaseMs: {
    ...accepted.durationMs(0),
    default: 50,
    text: 'Upper bound of the first pause after a request that was never sent; it doubles each time (full jitter).',
    reason: 'A refused connection costs almost nothing, and most starts are over in a second.',
  },
  arrivalCapMs: {
    ...accepted.durationMs(0),
    default: 100,
    text: 'Greatest upper bound of the pauses after a request that was never sent, where no other request waits for the same origin.',
    reason: 'The median request is through 30 ms after the recovery.',
  },
  arrivalSpreadMs: {
    ...accepted.durationMs(0),
    default: 15,
    text: 'With several requests waiting for the same origin, the upper bound is at least this much for each of them.',
    reason: 'However many wait, they ask and come back at no more than about 130 a second: no herd.',
  },
  retryStatuses: {
    ...accepted.listOf('a list of statuses from 400 to 599', accepted.integer(400, 599)),
    default: [429, 502, 503, 504],
    text: 'Replies that an idempotent request is repeated on.',
    reason: 'They say that the fault may pass. 500 does not: it is a bug.',
  },
  idempotencyKeyHeader: {
    ...accepted.that(
      'the name of a header, or false',
      (value) => value === false || (typeof value === 'string' && headerName.test(value)),
    ),
    default: 'idempotency-key',
    text: 'A request that carries this header counts as idempotent, whatever its method.',
    reason: 'That is what the header promises: the server recognises the repetition.',
  },
  retryBudget: {
    ...accepted.share,
    default: 0.2,
    text: "Of an origin's requests under way, the share that may be retrying, pauses included. Exempt is what waits for somebody to listen: connections refused on the spot, and replies of a sidecar that is believed to have reached nobody.",
    reason: "The same as Envoy's: retries stay a small part of the load while a service is failing.",
  },
  retryBudgetMin: {
    ...accepted.integer(0),
    default: 3,
    text: 'Requests of an origin that may be retrying whatever their share.',
    reason: "The same as Envoy's: a client with few requests may retry too.",
  },
  failedReplies: {
    ...accepted.oneOf(['return', 'throw']),
    default: 'return',
    text: "`'throw'` turns a final reply that is in `retryStatuses`, or that the nearest sidecar made, into a `MeshReplyError` with its classification.",
    reason: 'A reply is a reply: code that checks the status goes on working.',
  },
  spans: {
    ...accepted.oneOf(['request', 'attempts']),
    default: 'request',
    text: "With OpenTelemetry: `'request'` makes one span for a request with all of its attempts, `'attempts'` leaves it to the app's instrumentation, which makes one for each.",
    reason: 'A wait of a second would be a row of failed spans.',
  },
  logger: {
    ...accepted.logger,
    text: 'Gets a line for each retry (debug), and one per origin and second for waits (info) and for requests that are given up (warn); `suppressed` counts the others, whose lines go to debug.',
  },
});
