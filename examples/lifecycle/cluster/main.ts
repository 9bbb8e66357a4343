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
  const lifecycle = createLifecycle({ health, hooks: [{ name: 'workers', timeoutMs: 20_000, run: stopWorkers }] });
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
  // The primary has waited for the mesh already.
  createLifecycle({ servers: [keepAliveFor(server)], health, drainDelayMs: 0 });
  server.listen(Number(process.env.PORT ?? 8080), () => health.setState('ready'));
}

/** Each worker ends its own requests. In a pod only the primary gets the signal. */
async function stopWorkers() {
  const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
  await Promise.all(
    workers.map(async (worker) => {
      const exit = once(worker, 'exit');
      worker.process.kill('SIGTERM');
      await exit;
    }),
  );
}
