/**
 * The service "orders", to be copied: Fastify, a PostgreSQL pool, Redis as a cache, calls to another service of the mesh,
 * health on a port of its own, and an end that loses no request. The numbered parts keep their order.
 */
import process from 'node:process';
import { type FastifyError, fastify, LogController } from 'fastify';
import { Redis } from 'ioredis';
import {
  connectIoredis,
  connectPg,
  createHealthServer,
  createLifecycle,
  createMeshFetch,
  keepAliveFor,
  waitForMesh,
} from 'mesh-shim';
import pg from 'pg';

const { DATABASE_URL, PRICES_URL, REDIS_URL } = process.env;
// No HOST means all addresses, IPv6 included: the sidecar and the kubelet come by the pod's own, never by loopback.
const { HOST = '', PORT = '8080', HEALTH_PORT = '9000' } = process.env;
// Unset in a pod: a sidecar is looked for where each mesh has it.
const { ADMIN_URL, READY_URL } = process.env;
if (!DATABASE_URL || !PRICES_URL) throw new Error('DATABASE_URL and PRICES_URL must be set');

// A line for each request is the sidecar's to write.
const app = fastify({ logger: true, logController: new LogController({ disableRequestLogging: true }) });
const { log } = app;
let database: pg.Pool | undefined;
let cache: Redis | undefined;

// 1. Health and shutdown come first. The kubelet gets answers during the start; and Node, which is PID 1 in its container,
// gets no signal that nobody listens to: without the lifecycle, a pod that is deleted now would stay for its whole grace.
const health = await createHealthServer({
  port: Number(HEALTH_PORT),
  appPorts: [Number(PORT)],
  // What no request can do without. Not the cache, and not the other service: that one says itself how it is.
  readiness: { database: () => database?.query('SELECT 1') ?? false },
  logger: log,
});
const lifecycle = createLifecycle({
  servers: [keepAliveFor(app.server)],
  health,
  hooks: [{ name: 'fastify', run: () => app.close() }],
  logger: log,
});
const { signal } = lifecycle;

// 2. What the app waits for, which ends at once when the signal comes.
async function connect(): Promise<void> {
  await waitForMesh({ adminUrl: ADMIN_URL, readyUrl: READY_URL, signal, logger: log });
  connectCache();
  // Behind a sidecar a connection proves nothing: this pool has answered a query, and heals after a restart. The limits
  // are for a server that has vanished without a word, which the sidecar does not tell.
  const limits = { connectionTimeoutMillis: 2_000, query_timeout: 2_000 };
  const pool = await connectPg(
    pg,
    { connectionString: DATABASE_URL, ...limits },
    { name: 'database', signal, logger: log },
  );
  lifecycle.addHook({ name: 'database', run: () => pool.end() });
  database = pool;
}

/** Nobody waits for the cache: without it each request asks the other service, which is slower and no outage. */
function connectCache(): void {
  if (!REDIS_URL) return;
  // A command fails at once while Redis is away, instead of waiting for it.
  const settings = { url: REDIS_URL, enableOfflineQueue: false, commandTimeout: 500 };
  connectIoredis({ Redis }, settings, { name: 'cache', deadlineMs: Infinity, signal, logger: log }).then(
    (redis) => {
      lifecycle.addHook({ name: 'cache', run: () => redis.disconnect() });
      cache = redis;
    },
    (error: unknown) => signal.aborted || log.error(error, 'no cache'),
  );
}

// GET and what the sidecar has not sent are repeated, all else is not.
const meshFetch = createMeshFetch({ trustSidecar: 'istio-default-policy' });

async function readPrice(): Promise<{ price: number; cached: boolean }> {
  const known = await cache?.get('price').catch(() => null);
  if (known) return { price: Number(known), cached: true };
  const reply = await meshFetch(`${PRICES_URL}/price`, { signal: AbortSignal.timeout(2_000) });
  const text = (await reply.text()).trim();
  // Only a number is a price: sidecars and gateways send error pages, some of them with 200.
  if (!reply.ok || !/^\d+(\.\d+)?$/.test(text))
    throw new Error(`prices answered ${reply.status}: ${text.slice(0, 200)}`);
  cache?.set('price', text, 'EX', 10).catch(() => {});
  return { price: Number(text), cached: false };
}

app.get('/', async () => {
  const [price, result] = await Promise.all([readPrice(), database?.query('SELECT now()')]);
  return { ...price, at: result?.rows[0].now };
});

// The reason is for the log: it may name hosts. 503, for what has failed is a dependency; a client's own mistake keeps its 4xx.
app.setErrorHandler((error: FastifyError, _request, reply) => {
  if (error.statusCode !== undefined) return reply.send(error);
  log.error(error);
  return reply.code(503).send({ error: 'a dependency does not answer' });
});

// 3. The server last: whoever is let in is served.
try {
  await connect();
  await app.listen({ port: Number(PORT), host: HOST });
  health.setState('ready');
} catch (error) {
  // Told to end while starting: the lifecycle is at it. What else there is ends the app, with 70.
  if (!signal.aborted) throw error;
}
