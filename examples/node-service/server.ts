/**
 * A small service as it would stand in a pod: it waits for its sidecar, connects to its database, calls another service for
 * each request, tells the kubelet how it is, and ends without losing a request.
 */
import { createServer } from 'node:http';
import process from 'node:process';
import pg from 'pg';
import {
  connectPg,
  createHealthServer,
  createLifecycle,
  createMeshFetch,
  keepAliveFor,
  MeshTimeoutError,
  waitForMesh,
} from '../../src/index.ts';

const { PORT = '8080', HEALTH_PORT = '9000', DATABASE_URL, PRICES_URL, ADMIN_URL, READY_URL } = process.env;
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const logger = {
  debug: () => {},
  info: (_fields: object, message: string) => say(message),
  warn: (_fields: object, message: string) => say(message),
  error: (_fields: object, message: string) => say(message),
};

// 1. The sidecar. In a pod no option is needed; the addresses are for running the example anywhere.
const found = await waitForMesh({
  ...(ADMIN_URL && { adminUrl: ADMIN_URL, mode: 'required' }),
  ...(READY_URL && { readyUrl: READY_URL }),
}).catch((error: unknown) => {
  if (!(error instanceof MeshTimeoutError)) throw error;
  say(error.message);
  process.exit(69);
});
say(`mesh: ${found.kind}`);

// 2. The database. Behind a sidecar a connection proves nothing; this pool has answered a query, and heals after a restart.
const database = await connectPg(pg, { connectionString: DATABASE_URL }, { name: 'orders database', logger });
say('database: connected');

// 3. The app: calls that are safe to repeat are repeated, others are not.
const meshFetch = createMeshFetch({ trustSidecar: 'istio-default-policy' });
const server = keepAliveFor(
  createServer(async (_request, response) => {
    try {
      const reply = await meshFetch(`${PRICES_URL}/price`);
      if (!reply.ok) throw new Error(`prices answered ${reply.status}`);
      const price = await reply.text();
      const { rows } = await database.query<{ now: Date }>('select now()');
      response.end(JSON.stringify({ price: price.trim(), at: rows[0]?.now }));
    } catch (error) {
      response.writeHead(502).end(JSON.stringify({ error: String(error) }));
    }
  }),
);
// On all addresses: the sidecar comes by the pod's own.
await new Promise<void>((resolve) => server.listen(Number(PORT), resolve));

// 4. Health on a port of its own, and an end in the right order.
const health = await createHealthServer({
  port: Number(HEALTH_PORT),
  appPorts: [Number(PORT)],
  readiness: { database: () => database.query('select 1') },
});
createLifecycle({
  servers: [server],
  health,
  hooks: [{ name: 'orders database', run: () => database.end() }],
  logger,
});
health.setState('ready');
say(`serving on ${PORT}`);
