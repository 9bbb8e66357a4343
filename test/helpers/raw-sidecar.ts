import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What a server does with one request, on the bare socket. */
export type Behaviour = (socket: Socket, path: string) => void;

export interface RawServer {
  readonly port: number;
  /** The paths that were asked for. */
  readonly asked: string[];
  behave(behaviour: Behaviour): void;
  stop(): Promise<void>;
}

/** A server that knows nothing of HTTP but where a request ends: it does what the test says, however wrong. */
export async function startRawServer(first: Behaviour, host = '127.0.0.1', port = 0): Promise<RawServer> {
  let behaviour = first;
  const sockets = new Set<Socket>();
  const asked: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let received = '';
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const path = received.split(' ', 2)[1] ?? '';
        received = received.slice(end + 4);
        asked.push(path);
        behaviour(socket, path);
      }
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    behave(next) {
      behaviour = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** An honest reply, complete with its length. */
export function reply(status: number, body = '', headers = ''): string {
  return `HTTP/1.1 ${status} x\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** What a healthy Envoy of Istio says of itself. */
export function serverInfo(state: string, statusPort: number, more: object = {}): string {
  return JSON.stringify({
    version: 'v/1.40.0',
    state,
    node: { id: 'sidecar~10.0.0.1~app~default', metadata: { ENVOY_STATUS_PORT: statusPort, ...more } },
  });
}
