import type * as http2 from 'node:http2';
import { Socket } from 'node:net';
import process from 'node:process';
import { longestTimerMs } from '../shared/pause.ts';
import { answerGrpcCheck, encodeGrpcMessage, type GrpcReply, grpcStatus, refuseGrpcCall } from './grpc-health.ts';
import type { ProbeServerOptions } from './probe-server-options.ts';
import { replyToReport, route } from './respond.ts';

/** The request of a health check is one name; who sends more means something else. */
const longestBody = 4 * 1024;

/** Above what any prober pauses; some, such as Envoy, keep their connection. */
const idleMs = 5 * 60_000;

/**
 * Answers probes of HTTP/2 without TLS: gRPC's health checks, and the paths of HTTP/1.
 *
 * @param module `node:http2`, which whoever needs it has loaded
 * @returns takes a connection, with what has come of it left to be read
 */
export function createHttp2Probes(
  module: Pick<typeof http2, 'createServer'>,
  options: ProbeServerOptions,
): (socket: Socket) => void {
  const limitMs = Math.ceil(options.requestTimeoutMs);
  const server = module.createServer({
    maxSessionMemory: 1,
    maxSessionInvalidFrames: 16,
    maxHeaderListPairs: 64,
    settings: { maxConcurrentStreams: 16, maxHeaderListSize: 8 * 1024, enablePush: false },
  });
  server.on('session', (session) => {
    session.setTimeout(idleMs, () => {
      session.close();
      session.setTimeout(limitMs, () => session.destroy());
    });
  });
  server.on('sessionError', () => {}); // its connection is closed, and nobody else is concerned
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    const timer = setTimeout(() => stream.destroy(), Math.min(limitMs, longestTimerMs)).unref();
    stream.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
    // Ends a client that does not read its reply.
    stream.setTimeout(Math.min(3 * limitMs, longestTimerMs), () => stream.destroy());
    const isGrpc = headers['content-type']?.startsWith('application/grpc') ?? false;
    const answer = isGrpc ? answerGrpc(stream, headers, options) : answerPlain(stream, headers, options);
    answer.catch(() => stream.destroy());
  });
  return (socket) => {
    let session: http2.ServerHttp2Session | undefined;
    const onSession = (begun: http2.ServerHttp2Session) => {
      session = begun;
    };
    server.once('session', onSession);
    // As of a server that listens: at the client's end it ends.
    socket.allowHalfOpen = false;
    // Node reads what has come a tick later, and throws there if the session is over by then: by an error or a reset.
    const isOver = () => session === undefined || session.destroyed;
    socket.read = (size) => (isOver() ? null : Socket.prototype.read.call(socket, size));
    try {
      server.emit('connection', socket);
    } catch {
      socket.destroy();
    }
    server.off('session', onSession);
    process.nextTick(() => Reflect.deleteProperty(socket, 'read'));
  };
}

async function answerGrpc(
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
  options: ProbeServerOptions,
) {
  const refusal = refuseGrpcCall(headers[':path'] ?? '', String(headers['grpc-encoding'] ?? 'identity'));
  if (refusal !== undefined) return sendGrpc(stream.resume(), refusal);
  const body = await bodyOf(stream);
  if (body === 'too long') {
    return sendGrpc(stream, { status: grpcStatus.resourceExhausted, message: `more than ${longestBody} bytes` });
  }
  sendGrpc(stream, await answerGrpcCheck(body, options.ask));
}

/** Where the body does not come to its end, neither does this: the stream is destroyed. */
function bodyOf(stream: http2.ServerHttp2Stream): Promise<Uint8Array | 'too long'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > longestBody) resolve('too long');
      else chunks.push(chunk);
    });
    stream.once('end', () => resolve(Buffer.concat(chunks)));
  });
}

function sendGrpc(stream: http2.ServerHttp2Stream, { status, message = '', response }: GrpcReply): void {
  if (stream.destroyed || stream.closed) return;
  const head = { ':status': 200, 'content-type': 'application/grpc' };
  const end = { 'grpc-status': String(status), ...(message && { 'grpc-message': encodeGrpcMessage(message) }) };
  if (response === undefined) {
    stream.respond({ ...head, ...end }, { endStream: true });
  } else {
    stream.respond(head, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers(end));
    stream.end(response);
  }
}

async function answerPlain(
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
  options: ProbeServerOptions,
) {
  stream.resume(); // whatever body it has
  const { ':method': method = '', ':path': url = '', accept = '' } = headers;
  const question = { method, url, accept };
  const asked = route(question, options.paths);
  const reply = typeof asked === 'string' ? replyToReport(await options.ask(asked), question) : asked;
  if (stream.destroyed || stream.closed) return;
  stream.respond({ ':status': reply.status, ...reply.headers }, { endStream: method === 'HEAD' });
  if (method !== 'HEAD') stream.end(reply.body);
}
