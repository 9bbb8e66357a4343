import type amqplib from 'amqplib';
import type * as ioredis from 'ioredis';
import type mysql2 from 'mysql2/promise';
import type pg from 'pg';
import type * as redis from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAmqplib, connectIoredis, connectMysql2, connectPg, connectRedis } from '../../src/connect/index.ts';
import { silentLogger } from '../../src/shared/logger.ts';
import { type ConnectedApp, driverModule, used } from '../helpers/connector-apps.ts';
import { createDatabase, type Database, type DatabaseName } from '../helpers/database-servers.ts';
import { type Envoy, envoyMissing } from '../helpers/envoy.ts';
import { freePort } from '../helpers/free-port.ts';
import { addressesTo } from '../helpers/open-sockets.ts';
import { serverMissing } from '../helpers/servers.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';
import { until } from '../helpers/until.ts';

// A server that vanishes without a word: behind a frozen Envoy, connections stay open, new ones are accepted, and nobody answers.
// docs/connections.md names the setting of each driver that limits one answer.

const options = { logger: silentLogger, attemptTimeoutMs: 2_000, deadlineMs: 100_000 };
const limitMs = 500;

const limits: readonly [string, DatabaseName, (port: number) => Promise<ConnectedApp>][] = [
  [
    'pg: query_timeout',
    'postgres',
    async (port) => {
      const connectionString = `postgres://app:secret@127.0.0.1:${port}/postgres`;
      const settings = { connectionString, query_timeout: limitMs, connectionTimeoutMillis: 1_000 };
      const pool = await connectPg(driverModule<typeof pg>('pg'), settings, options);
      return { use: () => pool.query('SELECT 1'), end: () => pool.end() };
    },
  ],
  [
    'mysql2: timeout of a query',
    'mariadbd',
    async (port) => {
      const settings = { uri: `mysql://root@127.0.0.1:${port}`, connectTimeout: 1_000 };
      const pool = await connectMysql2(driverModule<typeof mysql2>('mysql2/promise'), settings, options);
      return { use: () => pool.query({ sql: 'SELECT 1', timeout: limitMs }), end: () => pool.end() };
    },
  ],
  [
    'ioredis: commandTimeout and socketTimeout',
    'redis-server',
    async (port) => {
      const settings = { url: `redis://127.0.0.1:${port}`, commandTimeout: limitMs, socketTimeout: limitMs };
      const client = await connectIoredis(driverModule<typeof ioredis>('ioredis'), settings, options);
      return { use: () => client.ping(), end: () => client.quit() };
    },
  ],
  [
    'redis: socketTimeout and pingInterval',
    'redis-server',
    async (port) => {
      const settings = { url: `redis://127.0.0.1:${port}`, pingInterval: 100, socket: { socketTimeout: limitMs } };
      const client = await connectRedis(driverModule<typeof redis>('redis'), settings, options);
      return { use: () => client.ping(), end: () => client.close() };
    },
  ],
  [
    'amqplib: heartbeat',
    'rabbitmq-server',
    async (port) => {
      const url = `amqp://127.0.0.1:${port}?heartbeat=1`;
      const broker = await connectAmqplib(driverModule<typeof amqplib>('amqplib'), url, options);
      const use = () =>
        broker.current
          ? broker.current.createChannel().then((channel) => channel.close())
          : Promise.reject(new Error('lost'));
      return { use, end: () => broker.close() };
    },
  ],
];

describe.skipIf(envoyMissing()).each(limits)('%s', (name, server, connect) => {
  describe.skipIf(serverMissing(server))(server, () => {
    let database: Database;
    let envoy: Envoy;
    let app: ConnectedApp;
    let port: number;
    beforeAll(async () => {
      database = await createDatabase(server);
      database.start();
      port = await freePort();
      envoy = await startTcpProxy(port, database.port);
      app = await connect(port);
    });
    afterAll(async () => {
      await app.end();
      await envoy.stop();
      await database.remove();
    });

    it('ends what waits for a server that has vanished, and works again once it is back', async () => {
      await used(app);
      const before = addressesTo(port);
      expect(before.length).toBeGreaterThan(0);
      envoy.freeze();
      const fails = () =>
        app.use().then(
          () => false, // it overtook the signal that stops Envoy
          () => true,
        );
      await until('a failure', fails, 10_000);
      await Promise.allSettled(Array.from({ length: 20 }, () => used(app)));
      // A connection that the sidecar holds for a server that is gone is of no use, however long it stays open. mysql2 keeps it.
      const kept = addressesTo(port).filter((address) => before.includes(address));
      expect(kept.length).toBe(name.startsWith('mysql2') ? 1 : 0);
      envoy.thaw();
      await until('an answer', () => used(app));
    }, 60_000);
  });
});
