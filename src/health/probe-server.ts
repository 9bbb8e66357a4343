import { createServer, type Server, type Socket } from 'node:net';
import { longestTimerMs } from '../shared/pause.ts';
import { createHttp1Probes, refuse } from './http1-probes.ts';
import { createHttp2Probes } from './http2-probes.ts';
import type { ProbeServerOptions } from './probe-server-options.ts';

export interface ProbeServer {
  /** Not listening yet. */
  readonly server: Server;
  /** Stops listening and ends all connections. */
  close(): Promise<void>;
}

/**
 * Answers probes of HTTP/1, and of HTTP/2 without TLS, on one port. It cannot be held up: it is bounded in time, size and
 * connections, and no connection keeps the process alive.
 */
export function createProbeServer(options: ProbeServerOptions): ProbeServer {
  const { maxConnections, requestTimeoutMs } = options;
  const limitMs = Math.min(Math.ceil(requestTimeoutMs), longestTimerMs);
  const http1 = createHttp1Probes(options);
  // Most are never asked by HTTP/2, and its module is large.
  let http2: Promise<(socket: Socket) => void> | undefined;
  const http2Connect = () => {
    http2 ??= import('node:http2').then((module) => createHttp2Probes(module, options));
    return http2;
  };

  const sockets = new Set<Socket>();
  const timers = new WeakMap<Socket, NodeJS.Timeout>();
  http1.on('request', ({ socket }) => clearTimeout(timers.get(socket)));

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.unref();
    socket.on('error', () => {}); // the peer is gone
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      clearTimeout(timers.get(socket));
    });
    // The oldest connection goes, not the newest: sockets that somebody holds open must not keep the kubelet out.
    const [oldest] = sockets;
    if (sockets.size > maxConnections) oldest?.destroy();
    timers.set(socket, setTimeout(() => refuse(socket, 408), limitMs).unref());
    onProtocol(socket, (protocol) => {
      if (protocol === 'http1') {
        http1.emit('connection', socket);
        socket.resume();
      } else {
        clearTimeout(timers.get(socket));
        void http2Connect().then((connect) => socket.destroyed || connect(socket));
      }
    });
  });
  return {
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** How the connection of an HTTP/2 client begins (RFC 9113, section 3.4), as far as no request of HTTP/1 does. */
const preface = 'PRI';

/** Tells the protocol by the first bytes, and leaves them to be read. A client that ends before them is ended. */
function onProtocol(socket: Socket, found: (protocol: 'http1' | 'http2') => void): void {
  let seen = Buffer.alloc(0);
  const onEnd = () => socket.destroy();
  const onReadable = () => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    seen = Buffer.concat([seen, chunk]);
    const start = seen.toString('latin1', 0, preface.length);
    if (start.length < preface.length && preface.startsWith(start)) return;
    socket.off('readable', onReadable).off('end', onEnd);
    socket.unshift(seen);
    found(start === preface ? 'http2' : 'http1');
  };
  socket.on('readable', onReadable).once('end', onEnd);
}
