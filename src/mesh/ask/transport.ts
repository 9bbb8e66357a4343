/**
 * What the core needs of a machine to ask a sidecar something: byte streams and timers. Each body of mesh-shim (Node,
 * the static executable) implements these two interfaces; everything above them is shared.
 *
 * Bytes travel as strings with one character per byte (code 0 to 255): both engines search and cut such strings in
 * native code, where a byte array would be walked in JavaScript.
 */
export type ByteString = string;

export interface TcpAddress {
  readonly kind: 'tcp';
  readonly host: string;
  readonly port: number;
  /** Over TLS, with whoever answers: only where the transport can. */
  readonly tls?: boolean;
}

export type SocketAddress = TcpAddress | { readonly kind: 'unix'; readonly path: string };

export type Address =
  | SocketAddress
  /** Nothing to talk to: it is connected where there is a file that can be read and is not empty. */
  | { readonly kind: 'file'; readonly path: string };

/**
 * Why a connection could not be made, or ended. `refused`: nothing listens there (for a unix socket: or no file). `denied`:
 * this process may make none, and never will.
 */
export type TransportFailure = 'refused' | 'unreachable' | 'reset' | 'closed' | 'dns' | 'denied' | 'other';

export interface TransportError {
  readonly kind: TransportFailure;
  /** The system's name for it, for people: `ECONNREFUSED`. */
  readonly code: string;
}

export interface ConnectionEvents {
  onConnect(): void;
  onData(bytes: ByteString): void;
  /** The connection is over: the peer closed it (`closed`) or it failed. Called at most once, and nothing after it. */
  onEnd(error: TransportError): void;
}

export interface Connection {
  send(bytes: ByteString): void;
  /** Frees the socket; no event is delivered after it. */
  close(): void;
}

export interface Transport {
  /** Events are never delivered from inside `connect`, `send` or `close`. */
  connect(address: Address, events: ConnectionEvents): Connection;
  /** Where it has one that costs less than connections. */
  readonly portWatch?: PortWatch;
}

/** Looks whether ports of this machine take connections, which the kernel says: whoever will listen there is not asked. */
export interface PortWatch {
  /** Milliseconds between two looks of which nobody would notice the cost. */
  readonly leastPauseMs: number;
  /**
   * Looks about every `everyMs`, for the first time after as long, and calls back once, when a connection to one of the
   * addresses is not refused. The function returned ends it.
   */
  start(addresses: readonly Address[], everyMs: number, onOpen: () => void): () => void;
}

export interface Clock {
  /** Milliseconds with fractions on a clock that never goes back; its zero has no meaning. */
  now(): number;
  /** Calls back once after `delayMs`; the function returned cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}
