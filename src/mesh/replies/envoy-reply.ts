import { type LocalReply, readLocalReply } from './envoy-reply-text.ts';
import { grpcFailure } from './grpc-reply.ts';
import { type HttpHeaders, headerValue } from './header-value.ts';
import { isRelayed, looksLikeRelayedEnvoy, mayBeFromNearestEnvoy } from './nearest-envoy.ts';
import type { Processed, RetryAdvice } from './retry-advice.ts';

export interface Reply {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** The body as text, its first 1,000 characters are enough. Leave it out when it was not read, or for a reply to HEAD. */
  readonly body?: string | undefined;
}

/**
 * Who made a reply.
 * - `own-sidecar`: the nearest Envoy. Its reply says something about the request, nobody further on has made it.
 * - `remote-sidecar`: an Envoy further on, relayed by the nearest one.
 * - `app`: the server itself.
 * - `unknown`: the reply looks like Envoy's, but nothing proves which one's.
 */
export type ReplyMaker = 'own-sidecar' | 'remote-sidecar' | 'app' | 'unknown';

export interface ReplyClassification {
  readonly madeBy: ReplyMaker;
  /** Envoy's response flag, inferred; see {@link describeResponseFlag}. */
  readonly flag: string | undefined;
  /** Envoy's reset reason and, where it shows, the transport failure; else the text it was recognised by. */
  readonly reason: string | undefined;
  readonly processed: Processed;
  readonly retry: RetryAdvice;
  /** One sentence for a person: what happened and what to do. */
  readonly message: string;
}

/**
 * Tells who made a reply, and whether the request may be repeated. Pure: it looks at the reply only.
 *
 * What the headers do not show to come from further on ({@link mayBeFromNearestEnvoy}) is the nearest Envoy's own, with one exception: a
 * reply that overtakes its request, which Envoy marks with `connection: close`. So that one stays `unknown`.
 * It cannot know whether *this client* has sent its body in full; a caller that retries must check that too.
 *
 * Source: replies recorded from Envoy 1.36 and 1.40.
 */
export function classifyReply(reply: Reply): ReplyClassification {
  const header = (name: string) => headerValue(reply.headers, name);
  const grpc = grpcFailure(reply.status, header);
  const status = grpc?.status ?? reply.status;
  const body = grpc?.body ?? reply.body;
  // A reply to HEAD announces the length of a body that never comes: its emptiness says nothing.
  const empty = body === '' && (grpc !== undefined || (header('content-length') ?? '0') === '0');
  const server = header('server');
  const relayed = isRelayed(reply.headers);
  const overtaking = (header('connection') ?? '').toLowerCase() === 'close';
  const nearest = mayBeFromNearestEnvoy(reply.headers);

  const local = readLocalReply({
    status,
    text: body,
    empty: empty && nearest,
    overloaded: header('x-envoy-overloaded') !== undefined,
    rateLimited: header('x-envoy-ratelimited') !== undefined,
    attemptCount: nearest ? header('x-envoy-attempt-count') : undefined,
  });
  if (local === undefined) return fromApp(status, server, nearest);

  // Replies to a malformed request close the connection too, and nobody but the nearest Envoy could make them.
  const own = nearest && (!overtaking || local.flag === 'DPE');
  if (own) return { madeBy: 'own-sidecar', ...facts(local), message: local.message };
  return {
    madeBy: relayed && isEnvoy(server) ? 'remote-sidecar' : 'unknown',
    ...(isFarRefusal(local) && looksLikeRelayedEnvoy(reply.headers) ? facts(local) : weakened(local)),
    message: relayed
      ? `${local.message} (according to the sidecar of the service, or an application that copies its words)`
      : `${local.message} (nothing proves which proxy says so)`,
  };
}

function facts({ flag, reason, processed, retry }: LocalReply) {
  return { flag, reason, processed, retry };
}

/**
 * The service's own sidecar could not connect to it, after tries of its own. Under Istio's default policies (1.24 and later) those come
 * to pass only before the service has read a byte (`reset-before-request`), and the nearest sidecar has sent the request once only, for it
 * does not repeat a 503: so nobody has got it.
 */
function isFarRefusal({ flag, processed, retry }: LocalReply): boolean {
  return flag === 'UF' && processed === 'no-by-istio-default-policy' && retry === 'any-method';
}

/** What a sidecar further on says of its own hop is no proof: the nearest sidecar may have sent the request before. */
function weakened(local: LocalReply) {
  const certain = local.retry === 'any-method' || local.retry === 'short-wait';
  const notProcessed = local.processed === 'no' || local.processed === 'no-by-istio-default-policy';
  return {
    flag: local.flag,
    reason: local.reason,
    processed: notProcessed ? ('maybe' as const) : local.processed,
    retry: certain ? ('idempotent' as const) : local.retry,
  };
}

function fromApp(status: number, server: string | undefined, nearest: boolean): ReplyClassification {
  const madeBy = nearest || server === 'istio-envoy' ? 'unknown' : 'app';
  const who = madeBy === 'app' ? 'The application' : 'The application or a proxy';
  const processed = status === 429 ? 'maybe' : madeBy === 'app' && status < 500 ? 'yes' : 'maybe';
  const passing = status === 429 || status === 502 || status === 503 || status === 504;
  return {
    madeBy,
    flag: undefined,
    reason: undefined,
    processed,
    retry: passing ? 'idempotent' : 'never',
    message: passing
      ? `${who} answered ${status}, which may be temporary.`
      : `${who} answered ${status}, and will do so again for the same request.`,
  };
}

function isEnvoy(server: string | undefined): boolean {
  return server === 'envoy' || server === 'istio-envoy';
}
