import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import type amqplib from 'amqplib';
import type * as ioredis from 'ioredis';
import type mysql2 from 'mysql2/promise';
import type pg from 'pg';
import type * as redis from 'redis';
import type { DriverOptions } from '../../src/connect/drivers/driver-options.ts';
import { connectAmqplib, connectIoredis, connectMysql2, connectPg, connectRedis } from '../../src/connect/index.ts';
import type { DatabaseName } from './database-servers.ts';

/** What an app does with a client. */
export interface ConnectedApp {
  /** Asks the server something, and gets the answer. */
  use(): Promise<unknown>;
  end(): Promise<unknown>;
}

export interface ConnectorApp {
  readonly driver: string;
  readonly server: DatabaseName;
  readonly url: (port: number) => string;
  /** A URL with a wrong password. */
  readonly wrongUrl: (port: number) => string;
  readonly connect: (url: string, options: DriverOptions) => Promise<ConnectedApp>;
}

/** A driver's module. DRIVERS_FOLDER names a folder with other versions in its node_modules. */
export function driverModule<Module>(name: string): Module {
  return createRequire(resolve(process.env.DRIVERS_FOLDER ?? '.', 'package.json'))(name) as Module;
}

export const connectorApps: readonly ConnectorApp[] = [
  {
    driver: 'pg',
    server: 'postgres',
    url: (port) => `postgres://app:secret@127.0.0.1:${port}/postgres`,
    wrongUrl: (port) => `postgres://app:wrong@127.0.0.1:${port}/postgres`,
    async connect(url, options) {
      const pool: pg.Pool = await connectPg(driverModule<typeof pg>('pg'), url, options);
      return { use: () => pool.query('SELECT 1 + 1'), end: () => pool.end() };
    },
  },
  {
    driver: 'mysql2',
    server: 'mariadbd',
    url: (port) => `mysql://root@127.0.0.1:${port}`,
    wrongUrl: (port) => `mysql://root:wrong@127.0.0.1:${port}`,
    async connect(url, options) {
      const pool: mysql2.Pool = await connectMysql2(driverModule<typeof mysql2>('mysql2/promise'), url, options);
      return { use: () => pool.query('SELECT 1 + 1'), end: () => pool.end() };
    },
  },
  {
    driver: 'ioredis',
    server: 'redis-server',
    url: (port) => `redis://127.0.0.1:${port}`,
    wrongUrl: (port) => `redis://nobody:wrong@127.0.0.1:${port}`,
    async connect(url, options) {
      const client: ioredis.Redis = await connectIoredis(driverModule<typeof ioredis>('ioredis'), url, options);
      return { use: () => client.incr('uses'), end: () => client.quit() };
    },
  },
  {
    driver: 'redis',
    server: 'redis-server',
    url: (port) => `redis://127.0.0.1:${port}`,
    wrongUrl: (port) => `redis://nobody:wrong@127.0.0.1:${port}`,
    async connect(url, options) {
      const module = driverModule<typeof redis>('redis');
      const client: ReturnType<typeof redis.createClient> = await connectRedis(module, url, options);
      return { use: () => client.incr('uses'), end: () => client.quit() };
    },
  },
  {
    driver: 'amqplib',
    server: 'rabbitmq-server',
    url: (port) => `amqp://127.0.0.1:${port}`,
    wrongUrl: (port) => `amqp://guest:wrong@127.0.0.1:${port}`,
    async connect(url, options) {
      const arrivals = new Map<string, () => void>();
      const broker = await connectAmqplib(driverModule<typeof amqplib>('amqplib'), url, {
        ...options,
        setup: async (connection) => {
          const channel = await connection.createConfirmChannel();
          await channel.assertQueue('orders');
          await channel.consume('orders', (message) => {
            if (!message) return;
            arrivals.get(message.content.toString())?.();
            channel.ack(message);
          });
          return channel;
        },
      });
      const use = async () => {
        const channel = await broker.ready();
        const id = randomUUID();
        const arrival = new Promise<void>((arrived) => arrivals.set(id, arrived));
        channel.sendToQueue('orders', Buffer.from(id));
        await arrival;
      };
      return { use, end: () => broker.close() };
    },
  },
];

/** For `until`: one use, of which nobody waits for more than two seconds. */
export async function used(app: ConnectedApp): Promise<true> {
  const use = app.use();
  use.catch(() => {});
  await Promise.race([use, delay(2_000).then(() => Promise.reject(new Error('no answer in 2 s')))]);
  return true;
}
