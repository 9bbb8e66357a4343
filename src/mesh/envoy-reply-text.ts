import {
  JWT,
  MALFORMED,
  NO_CLUSTER,
  NO_ROUTE,
  NOT_IN_REGISTRY,
  OVERLOADED,
  RATE_LIMITED,
  REASONS,
  TEXTS,
  UPGRADE_REQUIRED,
  type Verdict,
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

interface Question {
  readonly status: number;
  readonly text: string | undefined;
  /** The reply has an empty body, and the nearest Envoy may have made it. */
  readonly empty: boolean;
  readonly overloaded: boolean;
  readonly rateLimited: boolean;
  /** `x-envoy-attempt-count` of the reply, where the mesh is configured to send it. */
  readonly attemptCount: string | undefined;
}

const PREFIX = 'upstream connect error or disconnect/reset before headers';
const RETRIED = 'retried and the latest ';
const REASON = 'reset reason: ';
const TRANSPORT = ', transport failure reason: ';
// Envoy before 1.40 shows the transport's own words. Repeating a TLS mismatch never helps.
const TLS_WORDS = ['TLS_error', 'WRONG_VERSION_NUMBER', 'CERTIFICATE_VERIFY_FAILED'];

/** Recognises a reply that an Envoy made; undefined when nothing in it is Envoy's. */
export function readLocalReply(question: Question): LocalReply | undefined {
  const { status, text = '', empty, overloaded, rateLimited } = question;
  if (text.startsWith(PREFIX)) return readReset(text.slice(PREFIX.length), overloaded);
  if (rateLimited) return reply(RATE_LIMITED, text || undefined);
  const verdict = TEXTS.get(text);
  // The retry that found no endpoint says nothing of the try before it; only the count of tries does.
  if (verdict?.[0] === 'UH' && question.attemptCount === '1') return reply(verdict, text, 'no');
  if (verdict !== undefined) return reply(verdict, text);
  if (overloaded) return reply(OVERLOADED, text || undefined);
  if ((status === 401 || status === 403) && isJwtText(text)) return reply(JWT, text);
  if (status === 400 && text === 'Bad Request') return reply(MALFORMED, text);
  return empty ? readSilence(status) : undefined;
}

/** The nearest Envoy refused with a status and no word. */
function readSilence(status: number): LocalReply | undefined {
  switch (status) {
    case 400:
      return reply(MALFORMED, undefined);
    case 404:
      return reply(NO_ROUTE, undefined);
    case 426:
      return reply(UPGRADE_REQUIRED, undefined);
    case 500:
    case 503:
      return reply(NO_CLUSTER, undefined);
    case 502:
      return reply(NOT_IN_REGISTRY, undefined);
    default:
      return undefined;
  }
}

/** `. [retried and the latest ]reset reason: REASON[, transport failure reason: TEXT]` */
function readReset(rest: string, overloaded: boolean): LocalReply {
  const at = rest.indexOf(REASON);
  const retried = at >= 0 && rest.slice(0, at).includes(RETRIED.trimEnd());
  const full = at < 0 ? '' : rest.slice(at + REASON.length);
  const cut = full.indexOf(TRANSPORT);
  const reason = cut < 0 ? full : full.slice(0, cut);
  const transport = cut < 0 ? undefined : full.slice(cut + TRANSPORT.length);
  const shown = full === '' ? undefined : full;
  if (overloaded) return reply(OVERLOADED, shown);
  if (transport !== undefined && TLS_WORDS.some((word) => transport.includes(word))) {
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
  const verdict = REASONS.get(reason);
  if (verdict === undefined) {
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
  const processed = retried && verdict[1] === 'no' ? 'no-by-istio-default-policy' : verdict[1];
  return reply(verdict, shown, processed);
}

function isJwtText(text: string): boolean {
  return text.startsWith('Jwt ') || text.startsWith('Jwks ') || text.startsWith('Audiences in Jwt');
}

function reply(verdict: Verdict, reason: string | undefined, processed: Processed = verdict[1]): LocalReply {
  const [flag, , retry, message] = verdict;
  return { flag, reason, processed, retry, message };
}
