import {
  jwtReply,
  malformedRequest,
  noCluster,
  noRoute,
  notInRegistry,
  overloadedReply,
  type ReplyMeaning,
  rateLimitedReply,
  reasonTexts,
  replyTexts,
  upgradeRequired,
} from './local-replies.ts';
import type { Processed, RetryAdvice } from './retry-advice.ts';

/** What Envoy's own words (or its silence) mean, if its nearest proxy said them. */
export interface LocalReply {
  readonly flag: string | undefined;
  readonly reason: string | undefined;
  readonly processed: Processed;
  readonly retry: RetryAdvice;
  readonly message: string;
}

/** What is seen of a reply. */
interface SeenReply {
  readonly status: number;
  readonly text: string | undefined;
  /** The reply has an empty body, and the nearest Envoy may have made it. */
  readonly empty: boolean;
  readonly overloaded: boolean;
  readonly rateLimited: boolean;
  /** `x-envoy-attempt-count` of the reply, where the mesh is configured to send it. */
  readonly attemptCount: string | undefined;
}

const prefix = 'upstream connect error or disconnect/reset before headers';
const retriedPattern = 'retried and the latest';
const reasonPattern = 'reset reason: ';
const transportPattern = ', transport failure reason: ';
// Envoy before 1.40 shows the transport's own words. Repeating a TLS mismatch never helps.
const tlsWords = ['TLS_error', 'WRONG_VERSION_NUMBER', 'CERTIFICATE_VERIFY_FAILED'];

/** Recognises a reply that an Envoy made; undefined when nothing in it is Envoy's. */
export function readLocalReply(seen: SeenReply): LocalReply | undefined {
  const { status, text = '', empty, overloaded, rateLimited } = seen;
  if (text.startsWith(prefix)) return readReset(text, overloaded);
  if (rateLimited) return reply(rateLimitedReply, text || undefined);
  const meaning = replyTexts.get(text);
  // The retry that found no endpoint says nothing of the try before it; only the count of tries does.
  if (meaning?.[0] === 'UH' && seen.attemptCount === '1') return reply(meaning, text, 'no');
  if (meaning !== undefined) return reply(meaning, text);
  if (overloaded) return reply(overloadedReply, text || undefined);
  if ((status === 401 || status === 403) && isJwtText(text)) return reply(jwtReply, text);
  if (status === 400 && text === 'Bad Request') return reply(malformedRequest, text);
  return empty ? readSilence(status) : undefined;
}

/** The nearest Envoy refused with a status and no word. */
function readSilence(status: number): LocalReply | undefined {
  switch (status) {
    case 400:
      return reply(malformedRequest, undefined);
    case 404:
      return reply(noRoute, undefined);
    case 426:
      return reply(upgradeRequired, undefined);
    case 500:
    case 503:
      return reply(noCluster, undefined);
    case 502:
      return reply(notInRegistry, undefined);
    default:
      return undefined;
  }
}

/** `PREFIX. [retried and the latest ]reset reason: REASON[, transport failure reason: TEXT]` */
function readReset(text: string, overloaded: boolean): LocalReply {
  const at = text.indexOf(reasonPattern);
  const full = at < 0 ? '' : text.slice(at + reasonPattern.length);
  const cut = full.indexOf(transportPattern);
  const reason = cut < 0 ? full : full.slice(0, cut);
  const transport = cut < 0 ? undefined : full.slice(cut + transportPattern.length);
  const shown = full === '' ? undefined : full;
  if (overloaded) return reply(overloadedReply, shown);
  if (transport !== undefined && tlsWords.some((word) => transport.includes(word))) {
    return reply(
      [
        'UF',
        'no',
        'never',
        `The TLS handshake with the service failed (${transport}): one side speaks mutual TLS and the other does not, or a certificate is not trusted.`,
      ],
      shown,
    );
  }
  const meaning = reasonTexts.get(reason);
  if (meaning === undefined) {
    return reply(
      [
        undefined,
        'maybe',
        'idempotent',
        `The sidecar lost the request before it was answered (${reason || 'no reason given'}).`,
      ],
      shown,
    );
  }
  const retried = text.slice(0, at).includes(retriedPattern);
  const processed = retried && meaning[1] === 'no' ? 'no-by-istio-default-policy' : meaning[1];
  return reply(meaning, shown, processed);
}

function isJwtText(text: string): boolean {
  return text.startsWith('Jwt ') || text.startsWith('Jwks ') || text.startsWith('Audiences in Jwt');
}

function reply(meaning: ReplyMeaning, reason: string | undefined, processed: Processed = meaning[1]): LocalReply {
  const [flag, , retry, message] = meaning;
  return { flag, reason, processed, retry, message };
}
