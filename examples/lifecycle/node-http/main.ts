import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { createHealthServer, createLifecycle, keepAliveFor } from 'mesh-shim';

const server = createServer((request, response) => {
  setTimeout(() => response.end('hello\n'), request.url === '/slow' ? 500 : 0);
});
// First, so that the kubelet is answered and a signal is heard from now on; what the app waits for goes behind these lines.
const health = await createHealthServer({ port: Number(process.env.HEALTH_PORT ?? 9000) });
createLifecycle({ servers: [keepAliveFor(server)], health });

server.listen(Number(process.env.PORT ?? 8080), () => {
  health.setState('ready');
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port, health: health.port })}\n`);
});
