import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { type Job, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { connectIoredis, createHealthServer, createLifecycle } from 'mesh-shim';

const { REDIS_URL = 'redis://localhost:6379', HEALTH_PORT = '9000' } = process.env;

let redis: Redis | undefined;
let worker: Worker | undefined;

const health = await createHealthServer({
  port: Number(HEALTH_PORT),
  readiness: { redis: () => redis?.ping() ?? false },
});
const { signal } = createLifecycle({
  health,
  // A worker fetches: there is nobody to wait for before it stops.
  drainDelayMs: 0,
  // From the signal on it takes no job more, and finishes those in hand. What is cut is run again by another worker.
  consumers: [{ name: 'orders', close: () => worker?.close(), cut: () => worker?.close(true) }],
  hooks: [{ name: 'redis', run: () => redis?.disconnect() }],
});

/** A job says how long the work on it takes, in milliseconds. */
async function work({ data }: Job<number>) {
  process.stdout.write(`begun ${data}\n`);
  await delay(data);
  process.stdout.write(`done ${data}\n`);
}

try {
  // BullMQ wants commands that wait for Redis as long as it is away.
  redis = await connectIoredis({ Redis }, { url: REDIS_URL, maxRetriesPerRequest: null }, { name: 'redis', signal });
  worker = new Worker('orders', work, { connection: redis, concurrency: 5 });
  // Without a listener, an error of the connection would end the process.
  worker.on('error', (error) => void process.stderr.write(`worker: ${error.message}\n`));
  await worker.waitUntilReady();
  health.setState('ready');
} catch (error) {
  // Told to end while starting: the lifecycle is at it.
  if (!signal.aborted) throw error;
}
