import { createAsker } from '../mesh/ask/asker.ts';
import type { CancelSignal } from '../mesh/ask/cancel.ts';
import { createEndpointGate } from '../mesh/wait/endpoint-gate.ts';
import { httpTarget, serverTarget, type WaitTarget } from '../mesh/wait/target.ts';
import { createOptionReader } from '../shared/option-table.ts';
import { nodeClock, nodeTransport } from '../sockets/node-transport.ts';
import { tcpCheckOptionTable } from './check-option-tables.ts';
import { EndpointNotReadyError } from './connect-errors.ts';
import type { ConnectAttempt } from './connect-with-retry.ts';
import { type EndpointProtocol, protocolCheckOf, protocolOf, readEndpoint } from './endpoint-url.ts';
import { checkTcp } from './tcp-check.ts';
import { checkTls, readTlsOptions, type TlsCheckOptions } from './tls-check.ts';

/** What a check saw, in one phrase: `postgres://db:5432 answers SSLRequest with N (no TLS)`. */
export interface EndpointProof {
  readonly proof: string;
}

/** One try at a protocol, for `connectWithRetry` or alone. */
export type EndpointCheck = ConnectAttempt<EndpointProof> & {
  /** The address without user, password and path. */
  readonly subject: string;
};

export interface TcpCheckOptions {
  /**
   * How long the connection must stay open.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: `500` ms. A sidecar closes at once where
   * the server refuses the connection.
   */
  readonly holdMs?: number | undefined;
}

const readTcpOptions = createOptionReader<Required<{ readonly holdMs: number }>>(tcpCheckOptionTable);

/**
 * The ready-made checks. Each takes the URL that the server's clients take, of which only host and port are used, and
 * makes an attempt that resolves when the server has answered and rejects with an EndpointNotReadyError else.
 *
 * All throw MeshOptionError for a URL that is not such an address, and for a wrong option.
 */
export const endpointChecks = {
  postgres: (url: string): EndpointCheck => namedCheck('postgres', url),
  mysql: (url: string): EndpointCheck => namedCheck('mysql', url),
  redis: (url: string): EndpointCheck => namedCheck('redis', url),
  amqp: (url: string): EndpointCheck => namedCheck('amqp', url),
  kafka: (url: string): EndpointCheck => namedCheck('kafka', url),
  mongodb: (url: string): EndpointCheck => namedCheck('mongodb', url),
  /** A GET that is answered with 2xx. */
  http: (url: string): EndpointCheck => namedCheck('http', url),
  /** A handshake with a certificate that is trusted and fits the name. A bad one is fatal. */
  tls: (url: string, options?: TlsCheckOptions): EndpointCheck => namedCheck('tls', url, options),
  /** A connection that stays open for a moment. Weaker: a sidecar that cannot reach the server yet, and is still trying, looks the same. */
  tcp: (url: string, options?: TcpCheckOptions): EndpointCheck => namedCheck('tcp', url, options),
} as const satisfies Record<EndpointProtocol, unknown>;

/**
 * The check for the scheme of a URL.
 *
 * @throws MeshOptionError when no check knows the scheme
 */
export function checkOf(caller: string, url: unknown): EndpointCheck {
  return createCheck(caller, protocolOf(caller, url), url);
}

function namedCheck(protocol: EndpointProtocol, url: unknown, options?: object): EndpointCheck {
  return createCheck(`endpointChecks.${protocol}`, protocol, url, options);
}

function createCheck(caller: string, protocol: EndpointProtocol, url: unknown, options?: object): EndpointCheck {
  const endpoint = readEndpoint(caller, protocol, url);
  if (protocol === 'http') return targetCheck(httpTarget(endpoint));
  if (protocol === 'tcp') {
    const { holdMs } = readTcpOptions(caller, options);
    return named(endpoint.text, async ({ signal }) => ({ proof: await checkTcp(endpoint, signal, holdMs) }));
  }
  if (protocol === 'tls') {
    const identity = readTlsOptions(caller, options);
    return named(endpoint.text, async ({ signal }) => ({ proof: await checkTls(endpoint, signal, identity) }));
  }
  return targetCheck(serverTarget(endpoint, protocolCheckOf(protocol)));
}

/** Asks the target's question once. The connection is closed at its end, or when the signal aborts. */
function targetCheck(target: WaitTarget): EndpointCheck {
  return named(target.subject, async ({ signal }) => {
    signal.throwIfAborted();
    const asker = createAsker(nodeTransport, nodeClock);
    try {
      const observation = await asker.ask(target.question, 0, cancelSignalOf(signal));
      const verdict = createEndpointGate(target).observe(observation);
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
