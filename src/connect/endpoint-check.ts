import { createAsker } from '../mesh/ask/asker.ts';
import type { CancelSignal } from '../mesh/ask/cancel.ts';
import { EndpointError, parseHttpUrl, parseServerUrl, parseTcpUrl } from '../mesh/ask/endpoint.ts';
import { protocolChecksByScheme } from '../mesh/ask/protocol-checks/by-scheme.ts';
import { createHttpGate, createProtocolGate } from '../mesh/wait/endpoint-gate.ts';
import type { Gate } from '../mesh/wait/gate.ts';
import { nodeClock, nodeTransport } from '../sockets/node-transport.ts';
import { EndpointNotReadyError } from './connect-errors.ts';
import type { ConnectAttempt } from './connect-with-retry.ts';
import type { EndpointProof } from './endpoint-proof.ts';
import { checkTcp } from './tcp-check.ts';
import { checkTls, type TlsCheckOptions } from './tls-check.ts';

/** One try at a protocol, for `connectWithRetry` or alone. */
export type EndpointCheck = ConnectAttempt<EndpointProof> & {
  /** The address without user, password and path. */
  readonly subject: string;
};

export interface TcpCheckOptions {
  /** How long the connection must stay open, in milliseconds. Default: 500. */
  readonly holdMs?: number;
}

/**
 * The ready-made checks. Each takes the URL that the server's clients take, of which only host and port are used, and
 * makes an attempt that resolves when the server has answered and rejects with an EndpointNotReadyError else.
 *
 * All throw EndpointError for a text that is no such address.
 */
export const endpointChecks = {
  postgres: (url: string): EndpointCheck => protocolCheck(url, 'postgres', 'postgresql'),
  mysql: (url: string): EndpointCheck => protocolCheck(url, 'mysql', 'mariadb'),
  redis: (url: string): EndpointCheck => protocolCheck(url, 'redis'),
  amqp: (url: string): EndpointCheck => protocolCheck(url, 'amqp'),
  kafka: (url: string): EndpointCheck => protocolCheck(url, 'kafka'),
  mongodb: (url: string): EndpointCheck => protocolCheck(url, 'mongodb'),
  /** A GET that is answered with 2xx. */
  http: (url: string): EndpointCheck => gateCheck(createHttpGate(url, parseHttpUrl(url))),
  /** A handshake with a certificate that is trusted and fits the name. A bad one is fatal. */
  tls: (url: string, options: TlsCheckOptions = {}): EndpointCheck => {
    assertScheme(url, ['tls']);
    const endpoint = parseServerUrl(url, 443);
    return named(endpoint.text, ({ signal }) => checkTls(endpoint, signal, options));
  },
  /** A connection that stays open for a moment. Weaker: a sidecar that cannot reach the server yet, and is still trying, looks the same. */
  tcp: (url: string, { holdMs = 500 }: TcpCheckOptions = {}): EndpointCheck => {
    const endpoint = parseTcpUrl(url);
    return named(endpoint.text, ({ signal }) => checkTcp(endpoint, signal, holdMs));
  },
} as const;

export type EndpointProtocol = keyof typeof endpointChecks;

/**
 * The check for the scheme of a URL.
 *
 * @throws EndpointError when no check knows the scheme
 */
export function checkOf(url: string): EndpointCheck {
  const scheme = schemeOf(url);
  if (scheme === 'postgresql') return endpointChecks.postgres(url);
  if (scheme === 'mariadb') return endpointChecks.mysql(url);
  if (Object.hasOwn(endpointChecks, scheme)) return endpointChecks[scheme as EndpointProtocol](url);
  const known = Object.keys(endpointChecks).map((name) => `${name}://`);
  throw new EndpointError(`"${scheme}://" has no check: expected ${known.join(', ')}HOST:PORT`);
}

function protocolCheck(url: string, ...schemes: string[]): EndpointCheck {
  assertScheme(url, schemes);
  const check = protocolChecksByScheme.get(schemeOf(url));
  if (!check) throw new EndpointError(`"${schemeOf(url)}://" has no check`);
  return gateCheck(createProtocolGate(parseServerUrl(url, check.defaultPort), check));
}

/** Asks the gate's question once. The connection is closed at its end, or when the signal aborts. */
function gateCheck(gate: Gate): EndpointCheck {
  return named(gate.subject, async ({ signal }) => {
    signal.throwIfAborted();
    const asker = createAsker(nodeTransport, nodeClock);
    try {
      const verdict = gate.observe(await asker.ask(gate.next(), 0, cancelSignalOf(signal)));
      signal.throwIfAborted();
      if (verdict.kind === 'ready') return { proof: verdict.proof };
      throw new EndpointNotReadyError(verdict.kind === 'ask' ? 'no answer' : verdict.reason);
    } finally {
      asker.close();
    }
  });
}

function named(subject: string, attempt: ConnectAttempt<EndpointProof>): EndpointCheck {
  return Object.assign(attempt, { subject });
}

function schemeOf(url: string): string {
  return url.slice(0, Math.max(url.indexOf('://'), 0));
}

function assertScheme(url: string, schemes: readonly string[]): void {
  if (schemes.includes(schemeOf(url))) return;
  throw new EndpointError(`"${schemeOf(url)}://" is not what this check takes: expected ${schemes[0]}://HOST:PORT`);
}

function cancelSignalOf(signal: AbortSignal): CancelSignal {
  return {
    get cancelled() {
      return signal.aborted;
    },
    onCancel(callback) {
      if (signal.aborted) callback();
      else signal.addEventListener('abort', callback, { once: true });
      return () => signal.removeEventListener('abort', callback);
    },
  };
}
