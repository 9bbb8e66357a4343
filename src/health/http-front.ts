import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { longestTimerMs } from '../shared/pause.ts';
import type { HealthEndpoint, HealthReport } from './report.ts';
import { type HealthPaths, type HealthReply, replyToReport, route } from './respond.ts';

export interface HttpFrontOptions {
  readonly paths: HealthPaths;
  readonly maxConnections: number;
  readonly requestTimeoutMs: number;
  /** Gives the answer to a question; never rejects. */
  readonly ask: (endpoint: HealthEndpoint) => Promise<HealthReport> | HealthReport;
}

/** An HTTP server that answers probes and cannot be held up: bounded in time, size and connections. Not listening yet. */
export function createHttpFront({ paths, maxConnections, requestTimeoutMs, ask }: HttpFrontOptions): Server {
  const limitMs = Math.ceil(requestTimeoutMs); // Node takes whole milliseconds only
  const server = createServer({
    headersTimeout: limitMs,
    requestTimeout: limitMs,
    connectionsCheckingInterval: Math.min(1000, Math.ceil(limitMs / 2)),
    maxHeaderSize: 8 * 1024,
    keepAlive: false,
    insecureHTTPParser: false,
  });
  // Also ends a client that does not read its reply; late enough for a slow one to be told 408 first.
  server.setTimeout(Math.min(3 * limitMs, longestTimerMs), (socket) => socket.destroy());

  server.on('request', async (request, response) => {
    const { method = '', url = '', headers } = request;
    const question = { method, url, accept: headers.accept ?? '' };
    const asked = route(question, paths);
    send(response, typeof asked === 'string' ? replyToReport(await ask(asked), question) : asked, method);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
    socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
  });

  // The oldest connection goes, not the newest: sockets that somebody holds open must not keep the kubelet out.
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const [oldest] = sockets;
    if (sockets.size > maxConnections) oldest?.destroy();
  });
  return server;
}

function send(response: ServerResponse, { status, headers, body }: HealthReply, method: string): void {
  response.writeHead(status, headers);
  response.end(method === 'HEAD' ? undefined : body);
}
