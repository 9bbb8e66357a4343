import { Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Http2Session } from 'node:http2';
import { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { Server as TlsServer } from 'node:tls';
import type { DrainableServer } from './lifecycle-options.ts';

export interface ServerDrain {
  /** No new connections, `Connection: close` or GOAWAY on those there are, idle ones closed. Fulfilled when the last has gone. */
  close(): Promise<void>;
  /** Cuts what is left; how many connections that were. */
  cut(): number;
}

/** How often connections that have become idle are looked for while closing. */
const sweepMs = 50;

/** Watches a server's connections from now on, so that it can be closed without losing a request. */
export function createServerDrain(server: DrainableServer): ServerDrain {
  /** With the number of HTTP/1.1 requests whose reply has not ended. */
  const connections = new Map<Socket, number>();
  const handshakes = new Map<string, Socket>();
  const sessions = new Set<Http2Session>();
  const replies = new Set<ServerResponse>();
  const isHttp1 = server instanceof HttpServer || server instanceof HttpsServer;
  let closing = false;

  const watch = (socket: Socket) => {
    handshakes.delete(peer(socket));
    connections.set(socket, 0);
    socket.once('close', () => connections.delete(socket));
  };
  if (server instanceof TlsServer) {
    // Under TLS the socket that requests come on is another one, which exists from the end of the handshake.
    server.on('connection', (socket: Socket) => {
      const key = peer(socket);
      handshakes.set(key, socket);
      socket.once('close', () => handshakes.delete(key));
    });
    server.on('secureConnection', watch);
  } else {
    server.on('connection', watch);
  }
  server.on('session', (session: Http2Session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    if (closing) session.close();
  });
  // Before the app's own listener, which may send the headers at once.
  server.prependListener('request', ({ socket, httpVersionMajor }: IncomingMessage, reply: ServerResponse) => {
    if (!connections.has(socket) || httpVersionMajor >= 2) return;
    const count = (change: number) => {
      const active = (connections.get(socket) ?? 0) + change;
      if (connections.has(socket)) connections.set(socket, active);
      return active;
    };
    count(1);
    replies.add(reply);
    if (closing) announceClose(reply);
    reply.once('close', () => {
      replies.delete(reply);
      // Headers that were sent before the closing promised to keep the connection.
      if (count(-1) === 0 && closing) socket.end();
    });
  });

  function closeIdle() {
    if (isHttp1) {
      server.closeIdleConnections();
      // Older Node (22) takes a connection that never carried a request for a busy one, and proxies open such in advance.
      for (const [socket, active] of connections) {
        if (active === 0 && socket.bytesRead === 0) socket.end();
      }
    }
    for (const socket of handshakes.values()) socket.destroy();
  }

  async function close() {
    closing = true;
    for (const reply of replies) announceClose(reply);
    // Requests that have arrived but were not read yet count as accepted: two turns of the loop let them in.
    await turn();
    await turn();
    // An error here says that it was not listening: nothing to close.
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    for (const session of sessions) session.close();
    closeIdle();
    const sweep = setInterval(closeIdle, sweepMs);
    await closed;
    clearInterval(sweep);
  }

  return {
    close,
    cut() {
      const count = connections.size;
      for (const session of sessions) session.destroy();
      for (const socket of [...connections.keys(), ...handshakes.values()]) socket.destroy();
      return count;
    },
  };
}

function peer({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function announceClose(reply: ServerResponse): void {
  if (!reply.headersSent) reply.setHeader('connection', 'close');
}
