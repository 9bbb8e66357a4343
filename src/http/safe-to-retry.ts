import type { HttpHeaders } from '../mesh/replies/header-value.ts';
import { assertKnownOptions } from '../shared/option-table.ts';
import { decide, type Failure } from './decide.ts';
import { replyFailure } from './failures.ts';
import { isIdempotent } from './idempotency.ts';
import type { MeshRetryOptions } from './mesh-retry-options.ts';
import { networkFault, provesNeverSent } from './network-error.ts';
import { retrySettings } from './options.ts';
import { MeshRequestError } from './request-errors.ts';
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

/** A reply as fetch, undici, got or axios give it; a body of another type than text counts as not read. */
export interface ForeignReply {
  readonly status?: number | undefined;
  readonly statusCode?: number | undefined;
  readonly headers: HttpHeaders;
  readonly body?: unknown;
  readonly data?: unknown;
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
  const redirected = request.redirected ?? tellsOfRedirect(failure);
  const read = readFailure(failure, (request.bodySent ?? true) && !redirected);
  if (read === undefined) return false;
  const decision = decide(
    read.kind === 'network' && redirected ? { ...read, neverSent: false } : read,
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

function tellsOfRedirect(failure: unknown): boolean {
  const { redirected, response, request } = (failure ?? {}) as { [name: string]: unknown };
  return redirected === true || countsRedirects(request) || (response !== undefined && tellsOfRedirect(response));
}

/** axios hands out the request of the library that follows redirects for it, or that library's last request with a reference to it. */
function countsRedirects(request: unknown): boolean {
  const { _redirectCount: count, _redirectable: owner } = (request ?? {}) as { [name: string]: unknown };
  return (typeof count === 'number' && count > 0) || (owner !== undefined && countsRedirects(owner));
}

function readFailure(failure: unknown, bodySent: boolean): Failure | undefined {
  if (typeof failure !== 'object' || failure === null) return undefined;
  const { response, cause } = failure as { readonly response?: unknown; readonly cause?: unknown };
  if (isForeignReply(failure)) return foreignReplyFailure(failure, bodySent);
  if (isForeignReply(response)) return foreignReplyFailure(response, bodySent);
  if (failure instanceof MeshRequestError) return { kind: 'network', fault: 'lost', neverSent: failure.neverSent };
  if (isGrpcError(failure)) return grpcReplyFailure(failure, bodySent);
  const fault = networkFault(failure);
  if (fault !== undefined) return { kind: 'network', fault, neverSent: provesNeverSent(failure) };
  // fetch and ky wrap the error that counts.
  return cause === undefined ? undefined : readFailure(cause, bodySent);
}

function isForeignReply(value: unknown): value is ForeignReply {
  if (typeof value !== 'object' || value === null || !('headers' in value)) return false;
  const { status, statusCode } = value as ForeignReply;
  return typeof status === 'number' || typeof statusCode === 'number';
}

function foreignReplyFailure(reply: ForeignReply, bodySent: boolean): Failure {
  const status = reply.status ?? reply.statusCode ?? 0;
  const text = reply.body ?? reply.data;
  return replyFailure(status, reply.headers, typeof text === 'string' ? text : undefined, bodySent);
}

interface GrpcError {
  readonly code: number;
  readonly details: string;
  readonly metadata?: { getMap(): { readonly [name: string]: unknown } } | undefined;
}

const grpcUnavailable = 14;

function isGrpcError(value: object): value is GrpcError {
  const { code, details } = value as Partial<GrpcError>;
  return typeof code === 'number' && typeof details === 'string';
}

function grpcReplyFailure({ code, details, metadata }: GrpcError, bodySent: boolean): Failure | undefined {
  if (code !== grpcUnavailable) return undefined;
  // grpc-js says so when no connection came about: then no call was sent.
  if (details.startsWith('No connection established') || details.includes('ECONNREFUSED')) {
    return { kind: 'network', fault: 'refused', neverSent: true };
  }
  const headers = { ...metadata?.getMap(), 'grpc-status': String(code), 'grpc-message': encodeURIComponent(details) };
  return { ...replyFailure(200, headers, undefined, bodySent), status: 503 };
}
