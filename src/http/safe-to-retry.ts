import type { HttpHeaders } from '../mesh/replies/header-value.ts';
import { assertKnownOptions } from '../shared/option-table.ts';
import { decide } from './decide.ts';
import { foreignFailure } from './foreign-failure.ts';
import { isIdempotent } from './idempotency.ts';
import type { MeshRetryOptions } from './mesh-retry-options.ts';
import { retrySettings } from './options.ts';
import { retryableRequestTable } from './retryable-request-table.ts';

/** What must be known of a request that another client made. */
export interface RetryableRequest {
  /**
   * The request's method, in any case.
   *
   * Must be a string that is not empty. There is no default.
   */
  readonly method: string;
  /**
   * Where the request went. Over https the sidecar's word does not count: it cannot read the request.
   *
   * Must be a string or a URL. Default: an address over plain http.
   */
  readonly url?: string | URL | undefined;
  /**
   * Whether the request may be done twice.
   *
   * Must be true or false. Default: by the method and the idempotency key.
   */
  readonly idempotent?: boolean | undefined;
  /**
   * The request's headers.
   *
   * Must be an object of headers, or Headers. Default: none.
   */
  readonly headers?: HttpHeaders | undefined;
  /**
   * False when the reply came while the body was still being sent. Where it is true, Envoy's `connection: close` is
   * believed.
   *
   * Must be true or false. Default: `true`. Most clients do not tell.
   */
  readonly bodySent?: boolean | undefined;
  /**
   * True when the client may have followed a redirect before it failed: what is said of the last request is not said of
   * the first, which has been answered. An error of `fetch` does not tell: let it not follow redirects of what must not
   * be done twice (`redirect: 'manual'`).
   *
   * Must be true or false. Default: what a `Response`, or axios on Node, tells of itself.
   */
  readonly redirected?: boolean | undefined;
}

/**
 * Whether repeating a failed request is safe and of use, for clients of other makes: the rules of this library without its pauses, limits
 * and budget. A reply counts before an error; an error that carries its reply as `response` (got, axios) is judged by the reply.
 *
 * An error of grpc-js (a number as `code`, `details`, `metadata`) is judged by what the sidecar says in it.
 *
 * @throws MeshOptionError for a wrong option, and for a request whose fields are not what they should be
 */
export function isSafeToRetry(
  failure: unknown,
  request: RetryableRequest,
  options?: Pick<MeshRetryOptions, 'trustSidecar' | 'retryStatuses' | 'idempotencyKeyHeader'>,
): boolean {
  assertKnownOptions('isSafeToRetry', 'request', retryableRequestTable, request);
  const settings = retrySettings(options, undefined, 'isSafeToRetry');
  const failed = foreignFailure(failure, request);
  if (failed === undefined) return false;
  const decision = decide(
    failed,
    {
      idempotent: isIdempotent(request, settings.idempotencyKeyHeader),
      plainText: request.url === undefined || !String(request.url).startsWith('https:'),
      replayable: true,
      retries: 0,
      arrivals: 0,
      remainingMs: Number.POSITIVE_INFINITY,
      waiting: 1,
      withinBudget: true,
    },
    { ...settings, maxRetries: 1 },
    0,
  );
  return decision.retry;
}
