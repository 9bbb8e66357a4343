import type { Server, Socket } from 'node:net';
import process from 'node:process';
import { Server as TlsServer } from 'node:tls';

/** The open connections of a server, also those that were there before anybody watched. */
export interface Sockets {
  readonly all: ReadonlySet<Socket>;
  /** One that a request shows. */
  add(socket: Socket): void;
  /** Connections whose TLS handshake has not ended. */
  readonly handshakes: Iterable<Socket>;
}

export function watchSockets(server: Server, onSocket: (socket: Socket) => void = () => {}): Sockets {
  const all = new Set<Socket>();
  const handshakes = new Map<string, Socket>();
  const add = (socket: Socket) => {
    handshakes.delete(peerOf(socket));
    if (all.has(socket) || socket.destroyed) return;
    all.add(socket);
    socket.once('close', () => all.delete(socket));
    onSocket(socket);
  };
  if (server instanceof TlsServer) {
    // Under TLS the socket that requests come on is another one, which exists from the end of the handshake.
    server.on('connection', (socket: Socket) => {
      const key = peerOf(socket);
      handshakes.set(key, socket);
      socket.once('close', () => handshakes.delete(key));
    });
    server.on('secureConnection', add);
  } else {
    server.on('connection', add);
    for (const socket of openSockets(server)) add(socket);
  }
  return { all, add, handshakes: { [Symbol.iterator]: () => handshakes.values() } };
}

/** Node keeps no public list of a server's connections; those of HTTP also show themselves with their next request. */
function openSockets(server: Server): Socket[] {
  const { _getActiveHandles: activeHandles } = process as { _getActiveHandles?: () => { readonly server?: unknown }[] };
  const handles = activeHandles?.call(process) ?? [];
  return handles.filter((handle) => handle?.server === server) as Socket[];
}

export function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
