import { headerValue } from '../mesh/replies/header-value.ts';
import type { Failure } from './decide.ts';
import { replyFailure } from './failures.ts';

/** An error of grpc-js, or another client's of the same shape. */
export interface GrpcError {
  readonly code: number;
  readonly details: string;
  readonly metadata?: { getMap(): { readonly [name: string]: unknown } } | undefined;
}

const grpcUnavailable = 14;

export function isGrpcError(value: object): value is GrpcError {
  const { code, details } = value as Partial<GrpcError>;
  return typeof code === 'number' && typeof details === 'string';
}

/** Reads a failed call as the failed request that it is; undefined where a repetition is not to be thought of. */
export function grpcFailure(error: GrpcError, bodySent: boolean): Failure | undefined {
  const { code, details, metadata } = error;
  const pushback = pushbackMs(metadata);
  if (code !== grpcUnavailable || pushback === 'never') return undefined;
  // grpc-js says so when no connection came about: then no call was sent. A service that relays the words of its own client sends the same
  // text, but with metadata, which a reply has and this has not.
  const isOwn = Object.keys(metadata?.getMap() ?? {}).length === 0;
  if (isOwn && (details.startsWith('No connection established') || details.includes('ECONNREFUSED'))) {
    return { kind: 'network', fault: 'refused', neverSent: true };
  }
  const headers = { ...metadata?.getMap(), 'grpc-status': String(code), 'grpc-message': encodeURIComponent(details) };
  const failure = replyFailure(200, headers, undefined, bodySent);
  return { ...failure, status: 503, retryAfterMs: pushback ?? failure.retryAfterMs };
}

/** gRFC A6: the server says in how many milliseconds to come back; a negative number, or no number, means not at all. */
function pushbackMs(metadata: GrpcError['metadata']): number | 'never' | undefined {
  const said = headerValue(metadata?.getMap(), 'grpc-retry-pushback-ms');
  if (said === undefined) return undefined;
  return /^\d+$/.test(said.trim()) ? Number(said) : 'never';
}
