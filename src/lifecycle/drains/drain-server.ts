import { Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { Server as HttpsServer } from 'node:https';
import type { Server, Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { type Drain, sweepMs } from './drain.ts';
import { createExchanges } from './exchanges.ts';
import { createRawSockets } from './raw-sockets.ts';
import { createSessions } from './sessions.ts';
import { createSilence } from './silence.ts';
import { peerOf, watchSockets } from './sockets.ts';
import { watchUpgrades } from './watch-upgrades.ts';

/** Watches a server of Node's from now on, so that it can be closed without losing a request. */
export function createServerDrain(server: Server, peerTimeoutMs: number): Drain {
  const isHttp1 = server instanceof HttpServer || server instanceof HttpsServer;
  const isHttp = isHttp1 || 'updateSettings' in server;
  const raw = createRawSockets(peerTimeoutMs);
  const exchanges = createExchanges(peerTimeoutMs);
  const sessions = createSessions(peerTimeoutMs, (peer) => [...sockets.all].find((socket) => peerOf(socket) === peer));
  const silence = createSilence();
  /** How much had been read of a connection when its last reply ended. */
  const readWhenIdle = new WeakMap<Socket, number>();
  const sockets = watchSockets(server, (socket) => {
    if (!isHttp) raw.watch(socket);
  });

  server.on('session', (session: Http2Session) => sessions.add(session));
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    sessions.addStream(stream, headers);
  });
  // Before the app's own listener, which may send the headers at once.
  server.prependListener('request', (request: IncomingMessage, reply: ServerResponse) => {
    if (request.httpVersionMajor >= 2) return;
    const { socket } = request;
    sockets.add(socket);
    exchanges.add(request, reply);
    reply.once('close', () => readWhenIdle.set(socket, socket.bytesRead));
  });
  watchUpgrades(server, (socket) => {
    sockets.add(socket);
    raw.watch(socket);
  });

  function sweepIdle(now: number) {
    for (const socket of sockets.handshakes) socket.destroy();
    if (!isHttp) return;
    if (isHttp1) server.closeIdleConnections();
    for (const socket of sockets.all) {
      if (raw.has(socket) || (!isHttp1 && isHttp2(socket)) || exchanges.on(socket) > 0) continue;
      const { bytesRead } = socket;
      // Older Node (22) takes a connection that never carried a request for a busy one, and proxies open such in advance.
      if (bytesRead === 0 || (!isHttp1 && bytesRead === readWhenIdle.get(socket))) socket.end();
      // Half a request, and no more of it.
      else if (silence.ofPeer(socket, now) >= peerTimeoutMs) socket.destroy();
    }
  }

  function sweep() {
    const now = performance.now();
    sweepIdle(now);
    raw.sweep(now);
    exchanges.sweep(now);
    sessions.sweep(now);
  }

  // The primary of a cluster takes the handle from the server that it opens for its workers: who is served then cannot be seen here.
  let isHandedOn = false;
  server.once('listening', () =>
    setImmediate(() => {
      isHandedOn = !server.listening;
    }),
  );

  return {
    name: 'server',
    isServing: () => (isHandedOn ? undefined : server.listening),
    announce() {
      exchanges.announce();
      sessions.announce();
    },
    async close() {
      exchanges.close();
      // Requests that have arrived but were not read yet count as accepted: two turns of the loop let them in.
      await turn();
      await turn();
      // Before the server closes them itself: a session that is closing sends no ping.
      sessions.close();
      // An error here says that it was not listening: nothing to close.
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      sweep();
      const sweeping = setInterval(sweep, sweepMs);
      await closed.finally(() => clearInterval(sweeping));
    },
    cut() {
      const left = [...sockets.all, ...sockets.handshakes].filter((socket) => !socket.destroyed);
      sessions.cut();
      for (const socket of left) socket.destroy();
      if (isHttp1) server.closeAllConnections();
      return left.length;
    },
  };
}

/** Of a server of HTTP/2: what TLS has agreed on; without TLS there is nothing else. */
function isHttp2({ alpnProtocol }: Socket & { readonly alpnProtocol?: string | false | null }): boolean {
  return alpnProtocol === undefined || alpnProtocol === 'h2';
}
