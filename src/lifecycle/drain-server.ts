import { Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Http2Session } from 'node:http2';
import { Server as HttpsServer } from 'node:https';
import type { Server, Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { DrainableServer } from './options.ts';

export interface ServerDrain {
  /** No new connections, `Connection: close` or GOAWAY on those there are, idle ones closed. Fulfilled when the last has gone. */
  close(): Promise<void>;
  /** Cuts what is left; how many connections that were. */
  cut(): number;
}

interface Connection {
  /** Requests whose reply has not ended. */
  active: number;
  /** Replies so far, to tell an idle connection from one whose first request is on its way. */
  upgraded: boolean;
}

/** Watches a server's connections from now on, so that it can be closed without losing a request. */
export function createServerDrain(server: DrainableServer): ServerDrain {
  const connections = new Map<Socket, Connection>();
  const sessions = new Set<Http2Session>();
  const replies = new Set<ServerResponse>();
  const speaksHttp1 = server instanceof HttpServer || server instanceof HttpsServer;
  let closing = false;

  const watch = (socket: Socket) => {
    if (connections.has(socket)) return;
    connections.set(socket, { active: 0, upgraded: !speaksHttp1 });
    socket.once('close', () => connections.delete(socket));
  };
  server.on('connection', watch);
  server.on('secureConnection', watch);
  server.on('session', (session: Http2Session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    if (closing) session.close();
  });
  server.prependListener('upgrade', ({ socket }: IncomingMessage) => {
    const connection = connections.get(socket);
    if (connection) connection.upgraded = true;
  });
  // Before the app's own listener, which may send the headers at once.
  server.prependListener('request', ({ socket, httpVersionMajor }: IncomingMessage, reply: ServerResponse) => {
    const connection = connections.get(socket);
    if (connection === undefined || httpVersionMajor >= 2) return;
    connection.active++;
    replies.add(reply);
    if (closing) announceClose(reply);
    reply.once('close', () => {
      connection.active--;
      replies.delete(reply);
      // Headers that were sent before the closing promised to keep the connection.
      if (closing && connection.active === 0 && !connection.upgraded) socket.end();
    });
  });

  async function close() {
    closing = true;
    for (const reply of replies) announceClose(reply);
    // Requests that have arrived but were not read yet count as accepted: two turns of the loop let them in.
    await turn();
    await turn();
    const closed = closeListener(server);
    for (const session of sessions) session.close();
    for (const [socket, { active, upgraded }] of connections) {
      // Node counts a connection that never carried a request as busy; proxies open such ones in advance.
      if (speaksHttp1 && active === 0 && !upgraded && socket.bytesRead === 0) socket.end();
    }
    await closed;
  }

  return {
    close,
    cut() {
      const count = connections.size;
      for (const session of sessions) session.destroy();
      for (const socket of connections.keys()) socket.destroy();
      return count;
    },
  };
}

function announceClose(reply: ServerResponse): void {
  if (!reply.headersSent) reply.setHeader('connection', 'close');
}

function closeListener(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // An error here says that it was not listening: nothing to close.
    server.close(() => resolve());
  });
}
