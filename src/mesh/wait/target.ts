import { type Endpoint, parseHttpUrl, parseServerUrl, parseTcpUrl, parseUnixUrl } from '../ask/endpoint.ts';
import { protocolChecksByScheme } from '../ask/protocol-checks/by-scheme.ts';
import type { ProtocolCheck } from '../ask/protocol-checks/protocol-check.ts';
import type { Question } from '../ask/question.ts';

/** An address that must say yes, as data: its name for people, and what to ask. */
export interface WaitTarget {
  readonly subject: string;
  readonly question: Question;
}

/**
 * Reads `http://...`, `tcp://HOST:PORT`, `unix:PATH`, or the URL of a server whose protocol is known (`postgres://HOST`).
 * Throws EndpointError.
 *
 * Behind a running sidecar every TCP connection is accepted by the sidecar itself: `tcp` proves something about local
 * addresses only.
 */
export function parseTarget(text: string): WaitTarget {
  if (text.startsWith('tcp:')) return { subject: text, question: { kind: 'connect', endpoint: parseTcpUrl(text) } };
  if (text.startsWith('unix:')) return { subject: text, question: { kind: 'connect', endpoint: parseUnixUrl(text) } };
  const check = protocolChecksByScheme.get(text.slice(0, Math.max(text.indexOf('://'), 0)));
  return check ? serverTarget(parseServerUrl(text, check.defaultPort), check) : httpTarget(parseHttpUrl(text));
}

/** An HTTP address that must say 2xx. */
export function httpTarget(endpoint: Endpoint): WaitTarget {
  return { subject: endpoint.text, question: { kind: 'status', endpoint, lenient: true } };
}

/** A server that must answer in its own protocol. */
export function serverTarget(endpoint: Endpoint, check: ProtocolCheck): WaitTarget {
  return { subject: endpoint.text, question: { kind: 'protocol', endpoint, check } };
}
