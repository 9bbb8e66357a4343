import type { ByteString } from '../transport.ts';

/**
 * The least that proves a server to be there: a few bytes to it, and what its own words must look like. Behind a
 * sidecar an accepted connection proves nothing, for the sidecar accepts it; only the server can answer in its protocol.
 */
export interface ProtocolCheck {
  readonly protocol: string;
  /** What the client says first; empty where the server does. */
  readonly opening: ByteString;
  /** Judges all that has come so far. */
  read(received: ByteString): ProtocolAnswer;
}

/** Of a server that has a port of its own. */
export interface ServerCheck extends ProtocolCheck {
  readonly defaultPort: number;
}

export type ProtocolAnswer =
  /** The answer is not whole yet. */
  | { readonly kind: 'more' }
  /** The server speaks the protocol and takes clients. */
  | { readonly kind: 'ready'; readonly detail: string }
  /** The server speaks the protocol and says that it does not take clients now. */
  | { readonly kind: 'not-yet'; readonly detail: string }
  /** Something else answers. */
  | { readonly kind: 'foreign'; readonly detail: string };

export const more: ProtocolAnswer = { kind: 'more' };

export function foreign(protocol: string, received: ByteString): ProtocolAnswer {
  return { kind: 'foreign', detail: `not ${protocol}: the answer begins with ${printable(received.slice(0, 24))}` };
}

/** Bytes as they may be shown to people: what a terminal would obey is escaped. */
export function printable(bytes: ByteString): string {
  let text = '';
  for (const char of bytes) {
    const code = char.charCodeAt(0);
    text +=
      code >= 32 && code < 127 && char !== '"' && char !== '\\' ? char : `\\x${code.toString(16).padStart(2, '0')}`;
  }
  return `"${text}"`;
}
