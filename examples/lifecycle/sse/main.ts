import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { createHealthServer, createLifecycle, keepAliveFor } from 'mesh-shim';

const streams = new Set<ServerResponse>();

const health = await createHealthServer({ port: Number(process.env.HEALTH_PORT ?? 9000) });
const server = createServer((request, response) => {
  if (request.url !== '/events') return void response.end('hello\n');
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  // How long a browser waits before it comes again: by then the mesh sends it to another pod.
  response.write('retry: 2000\n\n');
  // It has come while the mesh does not know yet that this pod goes.
  if (signal.aborted) return void response.end();
  streams.add(response.on('close', () => streams.delete(response)));
});
const { signal } = createLifecycle({ servers: [keepAliveFor(server)], health });

// A stream has no end of its own. Ended at the signal, its client comes again, elsewhere; left alone, it would be cut.
signal.addEventListener('abort', () => {
  for (const stream of streams) stream.end('event: bye\ndata: {}\n\n');
});

let count = 0;
setInterval(() => {
  count += 1;
  for (const stream of streams) stream.write(`data: ${count}\n\n`);
}, 1000).unref();

server.listen(Number(process.env.PORT ?? 8080), () => {
  health.setState('ready');
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port, health: health.port })}\n`);
});
