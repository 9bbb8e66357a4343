import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fastify } from 'fastify';
import { createHealthServer, createLifecycle, keepAliveFor } from '../../../src/index.ts';

const app = fastify();
app.get('/', async () => 'hello\n');
app.get('/slow', async () => {
  await delay(500);
  return 'hello\n';
});
app.addHook('onClose', async () => void process.stdout.write('plugins closed\n'));

const health = await createHealthServer({ port: Number(process.env.HEALTH_PORT ?? 9000) });
// The server is drained first; then Fastify's own close() runs the onClose hooks of its plugins.
createLifecycle({ servers: [keepAliveFor(app.server)], health, hooks: [{ name: 'fastify', run: () => app.close() }] });

await app.listen({ port: Number(process.env.PORT ?? 8080), host: '0.0.0.0' });
health.setState('ready');
process.stdout.write(`${JSON.stringify({ port: (app.server.address() as AddressInfo).port, health: health.port })}\n`);
