import { type Endpoint, parseHttpUrl, parseUnixUrl } from '../ask/endpoint.ts';
import { protocolChecksByScheme } from '../ask/protocol-checks/by-scheme.ts';
import { createGrpcHealthCheck } from '../ask/protocol-checks/grpc-health.ts';
import type { ProtocolCheck } from '../ask/protocol-checks/protocol-check.ts';
import type { Question } from '../ask/question.ts';
import { parseFileUrl, parseGrpcUrl, parseServerUrl, parseTcpUrl } from '../ask/server-endpoint.ts';
import type { GateKind } from './gate.ts';

/** An address that must say yes, as data: its name for people, and what to ask. */
export interface WaitTarget {
  readonly subject: string;
  readonly question: Question;
  /** What a person must do, where it is not about an address. */
  readonly advice?: GateKind['advice'];
}

const fileAdvice: GateKind['advice'] = {
  absent: 'is the path right, and is the volume it comes on mounted in this container too?',
  'no-answer': 'may this user read it, and has the program that writes it written it?',
  denied: 'this process may not read it: start Node with --allow-fs-read beside --permission',
};

/**
 * Reads `http://...`, `tcp://HOST:PORT`, `unix:PATH`, `file:PATH`, or the URL of a server whose protocol is known
 * (`postgres://HOST`, `grpc://HOST:PORT/SERVICE`). A file is ready when it can be read and is not empty.
 * Throws EndpointError.
 *
 * Behind a running sidecar every TCP connection is accepted by the sidecar itself: `tcp` proves something about local
 * addresses only.
 */
export function parseTarget(text: string): WaitTarget {
  if (text.startsWith('tcp:')) return { subject: text, question: { kind: 'connect', endpoint: parseTcpUrl(text) } };
  if (text.startsWith('unix:')) return { subject: text, question: { kind: 'connect', endpoint: parseUnixUrl(text) } };
  if (text.startsWith('file:'))
    return { subject: text, question: { kind: 'connect', endpoint: parseFileUrl(text) }, advice: fileAdvice };
  if (text.startsWith('grpc:')) return grpcTarget(parseGrpcUrl(text));
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

/** A server of grpc.health.v1.Health that must say SERVING. */
function grpcTarget(endpoint: Endpoint): WaitTarget {
  return serverTarget(endpoint, createGrpcHealthCheck(endpoint.authority, endpoint.path));
}
