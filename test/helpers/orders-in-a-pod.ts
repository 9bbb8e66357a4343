import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createDatabase, type Database } from './database-servers.ts';
import { copiedFiles, execForm, readDockerfile, type Stage } from './dockerfile.ts';
import { type Envoy, startEnvoy } from './envoy.ts';
import { cluster, httpListener, istioRetryPolicy, tcpListener } from './envoy-resources.ts';
import { copyExample } from './example-copy.ts';
import { freePort } from './free-port.ts';
import { ownAddress } from './own-address.ts';
import { type Running, runCommand } from './run-shim.ts';
import { startSidecar } from './sidecar.ts';

/** What examples/node-service has around it in a pod: its sidecar, through which it reaches real servers and a service. */
export interface OrdersInAPod {
  readonly database: Database;
  readonly redis: Database;
  /** What the service "prices" answers. */
  readonly prices: { status: number; body: string };
  /** The sidecar gets its configuration: traffic flows. */
  deliver(): void;
  stopSidecar(): Promise<void>;
  startSidecar(): Promise<void>;
  /** Starts the service from the files of its image, by the image's command. */
  start(env?: Readonly<Record<string, string>>): Promise<Orders>;
  remove(): Promise<void>;
}

export interface Orders {
  readonly running: Running;
  readonly port: number;
  readonly healthPort: number;
  /** One request to the pod's own address. */
  ask(): Promise<{ status: number; body: Record<string, unknown> }>;
  readyz(): Promise<number>;
}

export async function createOrdersInAPod(): Promise<OrdersInAPod> {
  const image = createImage();
  const sidecar = await startSidecar({ kind: 'istio' });
  const [database, redis] = [await createDatabase('postgres'), await createDatabase('redis-server')];
  const prices = { status: 200, body: '7' };
  const service = createServer((_request, response) => response.writeHead(prices.status).end(prices.body));
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const servers = { db: database.port, cache: redis.port, prices: (service.address() as AddressInfo).port };
  const ports = { db: await freePort(), cache: await freePort(), prices: await freePort() };
  const address = ownAddress();
  let envoy: Envoy = sidecar.envoy;

  return {
    database,
    redis,
    prices,
    deliver() {
      const clusters = Object.entries(servers).map(([name, port]) => cluster({ name, ports: [port] }));
      sidecar.controlPlane.publish('clusters', clusters);
      sidecar.controlPlane.publish('listeners', [
        tcpListener({ name: 'db', port: ports.db, cluster: 'db' }),
        tcpListener({ name: 'cache', port: ports.cache, cluster: 'cache' }),
        httpListener({ name: 'prices', port: ports.prices, cluster: 'prices', retryPolicy: istioRetryPolicy }),
      ]);
    },
    stopSidecar: () => envoy.stop(),
    async startSidecar() {
      envoy = await startEnvoy({ config: sidecar.bootstrap, admin: { port: sidecar.envoy.adminPort } });
    },
    async start(env = {}) {
      const [port, healthPort] = [
        Number(env.PORT ?? (await freePort())),
        Number(env.HEALTH_PORT ?? (await freePort())),
      ];
      const running = runCommand(image.command, {
        cwd: image.folder,
        env: {
          PORT: `${port}`,
          HEALTH_PORT: `${healthPort}`,
          ADMIN_URL: sidecar.adminUrl,
          READY_URL: sidecar.readyUrl,
          DATABASE_URL: `postgres://app:secret@127.0.0.1:${ports.db}/postgres`,
          REDIS_URL: `redis://127.0.0.1:${ports.cache}`,
          PRICES_URL: `http://127.0.0.1:${ports.prices}`,
          ...env,
        },
      });
      return {
        running,
        port,
        healthPort,
        async ask() {
          const reply = await fetch(`http://${address}:${port}/`, { signal: AbortSignal.timeout(10_000) });
          return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
        },
        readyz: async () => (await fetch(`http://${address}:${healthPort}/readyz`)).status,
      };
    },
    async remove() {
      await envoy.stop();
      await sidecar.stop();
      service.close();
      service.closeAllConnections();
      await database.remove();
      await redis.remove();
      image.remove();
    },
  };
}

/** A folder with what the last stage of the Dockerfile copies, and nothing else. */
function createImage() {
  const app = copyExample('node-service');
  const stage = readDockerfile(join(app.folder, 'Dockerfile')).at(-1) as Stage;
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-image-'));
  for (const name of copiedFiles(stage)) cpSync(join(app.folder, name), join(folder, name));
  symlinkSync(join(app.folder, 'node_modules'), join(folder, 'node_modules'));
  const remove = () => {
    app.remove();
    rmSync(folder, { recursive: true, force: true });
  };
  const command = execForm(stage, 'CMD').map((word) => (word === 'node' ? process.execPath : word));
  return { folder, command, remove };
}
