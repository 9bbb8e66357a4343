import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface EgressProxy {
  readonly url: string;
  /** What it was asked for: `CONNECT host:port`, `GET http://host/`. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** What it does to a CONNECT, counted from 1: answer with a status, reset the connection, or make the tunnel. */
export type Tunnel = (number: number) => number | 'reset' | 'open';

/** An HTTP proxy that takes every name for this machine: what goes past it gets nowhere. */
export async function startEgressProxy(tunnel: Tunnel = () => 'open', port = 0): Promise<EgressProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let tunnels = 0;
  const server: Server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const { port: at, pathname } = new URL(incoming.url ?? '');
    const passed = request({
      host: '127.0.0.1',
      port: at,
      path: pathname,
      method: incoming.method,
      headers: incoming.headers,
    });
    passed.on('response', (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    });
    passed.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(passed);
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (incoming, socket: Socket, head) => {
    asked.push(`CONNECT ${incoming.url}`);
    tunnels += 1;
    const outcome = tunnel(tunnels);
    socket.on('error', () => {}); // resets are what it is for
    if (outcome === 'reset') return void socket.resetAndDestroy();
    if (outcome !== 'open') return void socket.end(`HTTP/1.1 ${outcome} No\r\ncontent-length: 0\r\n\r\n`);
    const target = connect(Number(incoming.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.write(head);
      target.pipe(socket).pipe(target);
    });
    sockets.add(target);
    target.on('error', () => socket.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
