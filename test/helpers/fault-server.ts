import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type Received, RequestReader } from './request-reader.ts';

export type { Received } from './request-reader.ts';

/** What to do with a request. */
export type Fault =
  | {
      readonly do: 'reply';
      readonly status?: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** Reset the connection, when the request has been read whole. */
  | { readonly do: 'reset' }
  /** Close it in an orderly way instead. */
  | { readonly do: 'close' }
  /** Reply as soon as the head is there, and go on reading. */
  | {
      readonly do: 'early reply';
      readonly status?: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** Promise a body, send half of it and reset. */
  | { readonly do: 'half reply'; readonly body: string }
  /** Read the request and say nothing. */
  | { readonly do: 'hang' }
  /** Reset as soon as the head is there, with the body still on its way. */
  | { readonly do: 'reset at head' };

/** Chooses by what arrived and by its number, counted from 1. */
export type Script = (request: Received, number: number) => Fault;

export interface FaultServer {
  readonly port: number;
  readonly url: string;
  /** Everything that arrived, whole or not, in order. */
  readonly received: readonly Received[];
  readonly connections: number;
  /** Replaces the script. */
  play(script: Script): void;
  close(): Promise<void>;
}

/**
 * A server on a bare socket: it does to connections what no HTTP server library lets one do, and it knows exactly what it received,
 * since it parses it itself.
 */
export async function startFaultServer(script: Script, port = 0): Promise<FaultServer> {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  let current = script;
  let connections = 0;

  const server: Server = createServer({ noDelay: true }, (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {}); // resets are what this server is for
    const faults = new Map<Received, Fault>();
    const reader = new RequestReader({
      head(request) {
        received.push(request);
        const fault = current(request, received.length);
        faults.set(request, fault);
        if (fault.do === 'early reply') write(socket, fault.status ?? 503, fault.headers, fault.body ?? '');
        if (fault.do === 'reset at head') socket.resetAndDestroy();
      },
      end(request) {
        const fault = faults.get(request);
        if (fault?.do === 'reply')
          write(socket, fault.status ?? 200, fault.headers, fault.body ?? 'ok', request.method);
        if (fault?.do === 'reset') socket.resetAndDestroy();
        if (fault?.do === 'close') socket.end();
        if (fault?.do === 'half reply') {
          const half = fault.body.slice(0, fault.body.length / 2);
          socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${fault.body.length}\r\n\r\n${half}`, () =>
            socket.resetAndDestroy(),
          );
        }
      },
    });
    socket.on('data', (chunk) => reader.push(chunk));
  });
  server.listen({ port, host: '127.0.0.1' });
  await once(server, 'listening');
  const address = server.address() as { port: number };

  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    received,
    get connections() {
      return connections;
    },
    play(next) {
      current = next;
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}

function write(
  socket: Socket,
  status: number,
  headers: Record<string, string> = {},
  body: string,
  method?: string,
): void {
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`HTTP/1.1 ${status} X\r\n${head}\r\n${method === 'HEAD' ? '' : body}`);
}
