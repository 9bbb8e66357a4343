import type { AddressInfo } from 'node:net';
import process from 'node:process';
import express from 'express';
import { createHealthServer, createLifecycle, keepAliveFor } from 'mesh-shim';

// First, so that the kubelet is answered and a signal is heard from now on; what the app waits for goes behind these lines.
const health = await createHealthServer({ port: Number(process.env.HEALTH_PORT ?? 9000) });
const lifecycle = createLifecycle({ health });

const app = express();
app.get('/', (_request, response) => void response.send('hello\n'));
app.get('/slow', (_request, response) => void setTimeout(() => response.send('hello\n'), 500));

const server = app.listen(Number(process.env.PORT ?? 8080), () => {
  health.setState('ready');
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port, health: health.port })}\n`);
});
lifecycle.addServer(keepAliveFor(server));
