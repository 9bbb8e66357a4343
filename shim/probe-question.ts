import { UsageError } from '../src/command-line/usage-error.ts';
import { type Endpoint, EndpointError, parseHttpUrl, parseUnixUrl } from '../src/mesh/ask/endpoint.ts';
import type { Observation, Question } from '../src/mesh/ask/question.ts';
import { parseHttpsUrl } from '../src/mesh/ask/server-endpoint.ts';
import { healthPort } from '../src/mesh/ports/health-port.ts';
import { parseTarget } from '../src/mesh/wait/target.ts';
import type { Host } from './host.ts';

/** What the health server of the library answers. */
const defaultUrl = `http://localhost:${healthPort}/readyz`;

/** What `probe` asks. Throws UsageError. */
export function readProbeQuestion(
  url: string | undefined,
  headers: readonly string[],
  { speaksTls }: Pick<Host, 'speaksTls'>,
): Question {
  const text = url ?? defaultUrl;
  if (text.startsWith('https://') && !speaksTls)
    throw new UsageError(`probe: ${text}: the static executable speaks no TLS; the Node bundle (mesh-shim.cjs) does`);
  const endpoint = read(() => readHttpEndpoint(text));
  if (endpoint) return { kind: 'status', lenient: true, ...withHeaders(endpoint, headers) };
  if (headers.length > 0) throw new UsageError(`probe: --header goes with HTTP only, not with ${text}`);
  return read(() => parseTarget(text)).question;
}

/** By the kubelet's rule, under which a status from 200 to 399 is healthy. */
export function isHealthy(observation: Observation): boolean {
  if (observation.kind === 'reply') return observation.status >= 200 && observation.status < 400;
  return observation.kind === 'connected' || (observation.kind === 'spoken' && observation.ready);
}

/** Undefined: it is asked in another way than by HTTP. */
function readHttpEndpoint(text: string): Endpoint | undefined {
  if (text.startsWith('http://')) return parseHttpUrl(text);
  if (text.startsWith('https://')) return parseHttpsUrl(text);
  // As many clients write it, `unix:SOCKET:/URL`.
  const colon = text.startsWith('unix:') ? text.indexOf(':/', 'unix:'.length + 1) : -1;
  return colon < 0 ? undefined : { ...parseUnixUrl(text.slice(0, colon)), path: text.slice(colon + 1), text };
}

/** The host that a header names is that of the request, which has one and no more. */
function withHeaders(endpoint: Endpoint, headers: readonly string[]): Pick<Question, 'endpoint' | 'header'> {
  const isHost = (header: string): boolean => header.slice(0, header.indexOf(':')).toLowerCase() === 'host';
  const host = headers.findLast(isHost);
  const others = headers.filter((header) => !isHost(header));
  return {
    endpoint: host === undefined ? endpoint : { ...endpoint, authority: host.slice(host.indexOf(':') + 2) },
    header: others.length === 0 ? undefined : others.join('\r\n'),
  };
}

function read<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof EndpointError ? new UsageError(`probe: ${error.message}`) : error;
  }
}
