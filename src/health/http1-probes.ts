import { createServer, type Server, type ServerResponse } from 'node:http';
import { longestTimerMs } from '../shared/pause.ts';
import type { ProbeServerOptions } from './probe-server-options.ts';
import { type HealthReply, replyToReport, route } from './respond.ts';

/** Answers probes of HTTP/1 on the connections that are emitted on it; it listens nowhere itself. */
export function createHttp1Probes({ paths, requestTimeoutMs, ask }: ProbeServerOptions): Server {
  const server = createServer({ maxHeaderSize: 8 * 1024, keepAlive: false, insecureHTTPParser: false });
  // Ends a client that does not read its reply; one that does not send its request is told so by the probe server.
  server.setTimeout(Math.min(3 * Math.ceil(requestTimeoutMs), longestTimerMs), (socket) => socket.destroy());

  server.on('request', async (request, response) => {
    const { method = '', url = '', headers } = request;
    const question = { method, url, accept: headers.accept ?? '' };
    const asked = route(question, paths);
    send(response, typeof asked === 'string' ? replyToReport(await ask(asked), question) : asked, method);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    refuse(socket, error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400);
  });
  return server;
}

/** Ends a connection whose request is not to be answered. */
export function refuse(socket: NodeJS.WritableStream & { destroy(): unknown }, status: 400 | 408 | 431): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
}

/** With a connection for each probe, one that is kept open is one that somebody holds. */
function send(response: ServerResponse, { status, headers, body }: HealthReply, method: string): void {
  response.writeHead(status, { ...headers, connection: 'close' });
  response.end(method === 'HEAD' ? undefined : body);
}
