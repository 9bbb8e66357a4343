import type { AddressInfo } from 'node:net';
import process from 'node:process';
import express from 'express';
import { createHealthServer, createLifecycle, keepAliveFor } from '../../../src/index.ts';

const app = express();
app.get('/', (_request, response) => void response.send('hello\n'));
app.get('/slow', (_request, response) => void setTimeout(() => response.send('hello\n'), 500));

const health = await createHealthServer({ port: Number(process.env.HEALTH_PORT ?? 9000) });
const server = app.listen(Number(process.env.PORT ?? 8080), () => {
  health.setState('ready');
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port, health: health.port })}\n`);
});
createLifecycle({ servers: [keepAliveFor(server)], health });
