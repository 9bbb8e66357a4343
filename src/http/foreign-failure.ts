import type { HttpHeaders } from '../mesh/replies/header-value.ts';
import type { Failure } from './decide.ts';
import { replyFailure } from './failures.ts';
import { grpcFailure, isGrpcError } from './grpc-failure.ts';
import { heldBodyLimit } from './held-reply.ts';
import { networkFault, provesNeverSent } from './network-error.ts';
import { MeshRequestError } from './request-errors.ts';

/** A reply as fetch, undici, got or axios give it; a body that is neither text nor bytes counts as not read. */
export interface ForeignReply {
  readonly status?: number | undefined;
  readonly statusCode?: number | undefined;
  readonly headers: HttpHeaders;
  readonly body?: unknown;
  readonly data?: unknown;
}

/** How far the requests of another client got, as far as it is known. */
export interface ForeignProgress {
  readonly bodySent?: boolean | undefined;
  /** A request before the last one, or this one, has been answered. */
  readonly redirected?: boolean | undefined;
}

/** Reads what another client failed with; undefined when it is not a failure that a repetition could mend. */
export function foreignFailure(failure: unknown, progress: ForeignProgress = {}): Failure | undefined {
  const redirected = progress.redirected ?? tellsOfRedirect(failure);
  const read = readFailure(failure, (progress.bodySent ?? true) && !redirected);
  // What is said of the last request is not said of the first, which has been answered.
  return read?.kind === 'network' && redirected ? { ...read, neverSent: false } : read;
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
  // An error with a reply that is none of a failure is about the rest of it, which did not come.
  if (isForeignReply(response) && statusOf(response) >= 400) return foreignReplyFailure(response, bodySent);
  if (failure instanceof MeshRequestError) return { kind: 'network', fault: 'lost', neverSent: failure.neverSent };
  if (isGrpcError(failure)) return grpcFailure(failure, bodySent);
  const fault = networkFault(failure) ?? (isCutByAxios(failure) ? 'lost' : undefined);
  if (fault !== undefined) return { kind: 'network', fault, neverSent: provesNeverSent(failure) };
  // fetch and ky wrap the error that counts.
  return cause === undefined ? undefined : readFailure(cause, bodySent);
}

// axios has one code for all that is wrong with a reply, and these words for one that is cut (lib/adapters/http.js of 1 and 0.30).
const wordsOfAxios: readonly unknown[] = ['stream has been aborted', 'response stream aborted'];

function isCutByAxios(failure: object): boolean {
  const { code, message } = failure as { readonly code?: unknown; readonly message?: unknown };
  return code === 'ERR_BAD_RESPONSE' && wordsOfAxios.includes(message);
}

function isForeignReply(value: unknown): value is ForeignReply {
  if (typeof value !== 'object' || value === null || !('headers' in value)) return false;
  const { status, statusCode } = value as ForeignReply;
  return typeof status === 'number' || typeof statusCode === 'number';
}

function foreignReplyFailure(reply: ForeignReply, bodySent: boolean): Failure {
  return replyFailure(statusOf(reply), reply.headers, textOf(reply.body ?? reply.data), bodySent);
}

function statusOf(reply: ForeignReply): number {
  return reply.status ?? reply.statusCode ?? 0;
}

function textOf(body: unknown): string | undefined {
  if (typeof body === 'string') return body;
  return Buffer.isBuffer(body) && body.length <= heldBodyLimit ? body.toString() : undefined;
}
