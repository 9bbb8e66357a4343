import { type Endpoint, EndpointError, parseHttpUrl } from '../mesh/ask/endpoint.ts';
import { protocolChecksByScheme } from '../mesh/ask/protocol-checks/by-scheme.ts';
import type { ServerCheck } from '../mesh/ask/protocol-checks/protocol-check.ts';
import { parseServerUrl, parseTcpUrl } from '../mesh/ask/server-endpoint.ts';
import { listed, readable } from '../shared/accepted.ts';
import { assertArgument } from '../shared/option-table.ts';

/** The schemes that each check takes. */
const schemes = {
  postgres: ['postgres', 'postgresql'],
  mysql: ['mysql', 'mariadb'],
  redis: ['redis'],
  amqp: ['amqp'],
  kafka: ['kafka'],
  mongodb: ['mongodb'],
  http: ['http'],
  tls: ['tls'],
  tcp: ['tcp'],
} as const satisfies Record<string, readonly string[]>;

export type EndpointProtocol = keyof typeof schemes;

type ServerProtocol = Exclude<EndpointProtocol, 'http' | 'tls' | 'tcp'>;

export function protocolCheckOf(protocol: ServerProtocol): ServerCheck {
  const check = protocolChecksByScheme.get(protocol);
  if (check === undefined) throw new Error(`${protocol} has no check`);
  return check;
}

/**
 * The check that takes a URL, by its scheme.
 *
 * @throws MeshOptionError when none does
 */
export function protocolOf(caller: string, url: unknown): EndpointProtocol {
  assertArgument(caller, 'url', addressOf(Object.values(schemes).flat()), url);
  const protocols = Object.keys(schemes) as EndpointProtocol[];
  return protocols.find((protocol) => takes(schemes[protocol], url as string)) as EndpointProtocol;
}

/** @throws MeshOptionError for a URL that is not an address of this protocol */
export function readEndpoint(caller: string, protocol: EndpointProtocol, url: unknown): Endpoint {
  const parse = (text: string): Endpoint => {
    if (protocol === 'http') return parseHttpUrl(text);
    if (protocol === 'tcp') return parseTcpUrl(text);
    return parseServerUrl(text, protocol === 'tls' ? 443 : protocolCheckOf(protocol).defaultPort);
  };
  assertArgument(caller, 'url', addressOf(schemes[protocol], parse), url);
  return parse(url as string);
}

/** Never shows the URL, which may hold a password: of it only what an EndpointError tells, and its scheme. */
function addressOf(known: readonly string[], parse?: (url: string) => unknown) {
  const accepts = `an address: ${listed(known.map((scheme) => `${scheme}://HOST:PORT`))}`;
  return readable(
    accepts,
    (url) => {
      const scheme = schemeOf(url);
      if (!takes(known, url)) throw new EndpointError(scheme === '' ? 'one without a scheme' : `"${scheme}://..."`);
      parse?.(url);
    },
    EndpointError,
  );
}

function takes(known: readonly string[], url: string): boolean {
  return known.includes(schemeOf(url));
}

function schemeOf(url: string): string {
  return url.slice(0, Math.max(url.indexOf('://'), 0));
}
