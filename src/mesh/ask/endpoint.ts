import type { Address, TcpAddress } from './transport.ts';

/** Somewhere to ask: which addresses to try in turn, and how people write it. */
export interface Endpoint {
  readonly addresses: readonly Address[];
  /** As in a Host header. */
  readonly authority: string;
  /** With a leading slash, and the query where there is one. */
  readonly path: string;
  readonly text: string;
}

/** A text is no address that mesh-shim can ask; the message says why and what would do. */
export class EndpointError extends Error {
  override readonly name = 'EndpointError';
}

/**
 * Reads `http://HOST[:PORT][/PATH]`.
 *
 * `localhost` becomes its two loopback addresses here and never goes through DNS: a sidecar may listen on one of them
 * only, and a resolver may name the other one first, or answer nothing in a container without /etc/hosts.
 */
export function parseHttpUrl(text: string): Endpoint {
  if (text.startsWith('https://')) {
    throw new EndpointError(`${text}: https is not supported; inside a pod, use plain http on localhost`);
  }
  return readWebUrl(text, 'http://', 80);
}

export function isHttpUrl(text: string): boolean {
  try {
    parseHttpUrl(text);
    return true;
  } catch {
    return false;
  }
}

export function readWebUrl(text: string, scheme: string, defaultPort: number): Endpoint {
  if (!text.startsWith(scheme)) throw new EndpointError(`${text}: not an address of the form ${scheme}HOST:PORT/PATH`);
  const rest = text.slice(scheme.length);
  const authorityEnd = firstIndexOf(rest, '/?#');
  const authority = rest.slice(0, authorityEnd);
  const path = rest.slice(authorityEnd);
  if (authority.includes('@')) throw new EndpointError(`${text}: user names and passwords are not supported`);
  if (path.includes('#')) throw new EndpointError(`${text}: has a fragment (#), which means nothing to a server`);
  rejectUnprintable(text);
  const { host, port } = parseHostPort(authority, text, defaultPort);
  return {
    addresses: addressesOf(host, port),
    authority,
    path: path.startsWith('/') ? path : `/${path}`,
    text,
  };
}

/** Reads `unix:PATH`, or `unix:@NAME` for a socket without a file (unix(7), abstract); HTTP over it is asked for `/`. */
export function parseUnixUrl(text: string): Endpoint {
  const path = text.slice('unix:'.length);
  if (!text.startsWith('unix:') || path === '')
    throw new EndpointError(`${text}: not an address of the form unix:PATH`);
  if (path.length > 107)
    throw new EndpointError(`${text}: longer than the 107 bytes that a unix socket's path can have`);
  if (path.includes('\0')) throw new EndpointError(`unix:...: has a NUL character`);
  const address = path.startsWith('@') ? `\0${path.slice(1)}` : path;
  return { addresses: [{ kind: 'unix', path: address }], authority: 'localhost', path: '/', text };
}

/** Reads the address of Envoy's admin: `http://HOST[:PORT]` or `unix:PATH`. */
export function parseAdminUrl(text: string): Endpoint {
  return text.startsWith('unix:') ? parseUnixUrl(text) : parseHttpUrl(text);
}

/** The same server, asked for another path. */
export function withPath(base: Endpoint, path: string): Endpoint {
  const prefix = base.path.endsWith('/') ? base.path.slice(0, -1) : base.path;
  const text = base.text.endsWith('/') ? base.text.slice(0, -1) : base.text;
  return { ...base, path: prefix + path, text: text + path };
}

/** The same host, asked at another port; a unix socket stands for this machine. */
export function withPort(base: Endpoint, port: number, path: string): Endpoint {
  const address = base.addresses[0];
  const name = address?.kind === 'tcp' && base.addresses.length === 1 ? bracketed(address.host) : 'localhost';
  return parseHttpUrl(`http://${name}:${port}${path}`);
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

export function addressesOf(host: string, port: number): TcpAddress[] {
  const hosts = host.toLowerCase() === 'localhost' ? ['127.0.0.1', '::1'] : [host];
  return hosts.map((name) => ({ kind: 'tcp', host: name, port }));
}

export function parseHostPort(authority: string, text: string, defaultPort: number | undefined) {
  let host = authority;
  let portText = '';
  if (authority.startsWith('[')) {
    const end = authority.indexOf(']');
    if (end < 0) throw new EndpointError(`${text}: "[" without "]"`);
    host = authority.slice(1, end);
    const after = authority.slice(end + 1);
    if (after !== '' && !after.startsWith(':')) throw new EndpointError(`${text}: unexpected "${after}" after "]"`);
    portText = after.slice(1);
  } else {
    const colon = authority.indexOf(':');
    if (colon !== authority.lastIndexOf(':')) {
      throw new EndpointError(`${text}: write an IPv6 address in brackets, as in http://[::1]:15000`);
    }
    if (colon >= 0) {
      host = authority.slice(0, colon);
      portText = authority.slice(colon + 1);
    }
  }
  if (host === '') throw new EndpointError(`${text}: has no host`);
  if (portText === '' && defaultPort !== undefined) return { host, port: defaultPort };
  const port = isDigits(portText) ? Number(portText) : Number.NaN;
  if (!(port > 0 && port < 65_536)) {
    throw new EndpointError(`${text}: ${portText === '' ? 'has no port' : `"${portText}" is not a port`} (1 to 65535)`);
  }
  return { host, port };
}

function isDigits(text: string): boolean {
  for (const char of text) if (char < '0' || char > '9') return false;
  return text !== '' && text.length < 6;
}

/** An address ends up in a request head, one byte per character: what is cut to a byte there could become a line end. */
export function rejectUnprintable(text: string): void {
  // Mostly there is nothing that would have to be encoded, which one call tells.
  if (isEncoded(text)) return;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 32 || code === 127)
      throw new EndpointError(`${JSON.stringify(text)}: has a blank or control character`);
    if (code > 127) {
      throw new EndpointError(`${JSON.stringify(text)}: has a character beyond ASCII; write it percent-encoded`);
    }
  }
}

function isEncoded(text: string): boolean {
  try {
    return encodeURI(text) === text;
  } catch {
    return false; // half of a surrogate pair
  }
}

export function firstIndexOf(text: string, characters: string): number {
  let first = text.length;
  for (const character of characters) {
    const index = text.indexOf(character);
    if (index >= 0 && index < first) first = index;
  }
  return first;
}
