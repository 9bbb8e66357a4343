import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fastify } from 'fastify';
import { createHealthServer, createLifecycle, keepAliveFor } from 'mesh-shim';

const app = fastify();
app.get('/', async () => 'hello\n');
app.get('/slow', async () => {
  await delay(500);
  return 'hello\n';
});
app.addHook('onClose', async () => void process.stdout.write('plugins closed\n'));

// Before plugins are loaded and whatever else the app waits for: the kubelet is answered and a signal is heard from now on.
const health = await createHealthServer({ port: Number(process.env.HEALTH_PORT ?? 9000) });
// The server is drained first; then Fastify's own close() runs the onClose hooks of its plugins.
createLifecycle({ servers: [keepAliveFor(app.server)], health, hooks: [{ name: 'fastify', run: () => app.close() }] });

// On all addresses: Fastify's own default is localhost, by which no sidecar comes.
await app.listen({ port: Number(process.env.PORT ?? 8080), host: '' });
health.setState('ready');
process.stdout.write(`${JSON.stringify({ port: (app.server.address() as AddressInfo).port, health: health.port })}\n`);
