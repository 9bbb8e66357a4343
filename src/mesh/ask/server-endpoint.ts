import {
  addressesOf,
  type Endpoint,
  EndpointError,
  firstIndexOf,
  parseHostPort,
  readWebUrl,
  rejectUnprintable,
} from './endpoint.ts';

/** Reads `https://HOST[:PORT][/PATH]`: the same over TLS, whoever the server is. */
export function parseHttpsUrl(text: string): Endpoint {
  const endpoint = readWebUrl(text, 'https://', 443);
  const addresses = endpoint.addresses.map((address) => ({ ...address, tls: true }));
  return { ...endpoint, addresses };
}

/** Reads `tcp://HOST:PORT`. */
export function parseTcpUrl(text: string): Endpoint {
  const authority = text.slice('tcp://'.length);
  if (!text.startsWith('tcp://') || firstIndexOf(authority, '/?#@') < authority.length) {
    throw new EndpointError(`${text}: not an address of the form tcp://HOST:PORT`);
  }
  rejectUnprintable(text);
  const { host, port } = parseHostPort(authority, text, undefined);
  return { addresses: addressesOf(host, port), authority, path: '', text };
}

/**
 * Reads the URL of a server as its clients take it, `postgres://USER:PASSWORD@HOST:PORT/NAME?OPTIONS`. Only host and port
 * are kept, so that no password gets into a log.
 */
export function parseServerUrl(text: string, defaultPort: number): Endpoint {
  const schemeEnd = text.indexOf('://');
  const rest = text.slice(schemeEnd + 3);
  const authorityEnd = firstIndexOf(rest, '/?#');
  // Then what looks like the host may be a piece of the password.
  if (rest.includes('@', authorityEnd)) {
    throw new EndpointError(
      `${text.slice(0, schemeEnd)}://...: has "@" after "/", "?" or "#"; write these percent-encoded`,
    );
  }
  const authority = rest.slice(rest.lastIndexOf('@') + 1, authorityEnd);
  const shown = `${text.slice(0, schemeEnd)}://${authority}`;
  if (authority.includes(',')) throw new EndpointError(`${shown}: has several hosts; name each by itself`);
  rejectUnprintable(shown);
  const { host, port } = parseHostPort(authority, shown, defaultPort);
  return { addresses: addressesOf(host, port), authority, path: '', text: shown };
}

/** Reads `grpc://HOST:PORT[/SERVICE]`; its path is the name of the service, empty for the server as a whole. */
export function parseGrpcUrl(text: string): Endpoint {
  const rest = text.slice('grpc://'.length);
  if (!text.startsWith('grpc://') || firstIndexOf(rest, '?#@') < rest.length)
    throw new EndpointError(`${text}: not an address of the form grpc://HOST:PORT/SERVICE`);
  rejectUnprintable(text);
  const slash = firstIndexOf(rest, '/');
  const authority = rest.slice(0, slash);
  const { host, port } = parseHostPort(authority, text, undefined);
  return { addresses: addressesOf(host, port), authority, path: rest.slice(slash + 1), text };
}

/**
 * Reads `file:PATH`, or `file:///PATH` as a URL has it, whose path is taken as it is written: nothing in it is
 * percent-encoded.
 */
export function parseFileUrl(text: string): Endpoint {
  const rest = text.slice('file:'.length);
  const path = rest.startsWith('//') ? rest.slice(2) : rest;
  if (!text.startsWith('file:') || path === '' || (rest.startsWith('//') && !path.startsWith('/')))
    throw new EndpointError(`${text}: not an address of the form file:PATH`);
  if (path.includes('\0')) throw new EndpointError('file:...: has a NUL character');
  return { addresses: [{ kind: 'file', path }], authority: '', path: '', text };
}
