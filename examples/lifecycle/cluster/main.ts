import cluster from 'node:cluster';
import { once } from 'node:events';
import { createServer } from 'node:http';
import process from 'node:process';
import { createHealthServer, createLifecycle, keepAliveFor } from '../../../src/index.ts';

// The same call on both sides: the primary listens and asks the workers, a worker answers the primary.
const health = await createHealthServer({
  port: Number(process.env.HEALTH_PORT ?? 9000),
  cluster: true,
  minReadyWorkers: 2,
  cacheMs: 0,
});

if (cluster.isPrimary) {
  // It hears the signals of the pod and tells the workers, whose shutdown it waits for.
  const lifecycle = createLifecycle({ health });
  cluster.on('exit', () => {
    if (!lifecycle.signal.aborted) cluster.fork();
  });
  const listening = Promise.all([cluster.fork(), cluster.fork()].map((worker) => once(worker, 'listening')));
  const [[address]] = (await listening) as [[{ port: number }], unknown];
  health.setState('ready');
  const pids = Object.values(cluster.workers ?? {}).map((worker) => worker?.process.pid);
  process.stdout.write(`${JSON.stringify({ port: address.port, health: health.port, pids })}\n`);
} else {
  const server = createServer((request, response) => {
    setTimeout(() => response.end('hello\n'), request.url === '/slow' ? 500 : 0);
  });
  createLifecycle({ servers: [keepAliveFor(server)], health });
  server.listen(Number(process.env.PORT ?? 8080), () => health.setState('ready'));
}
