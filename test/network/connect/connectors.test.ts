import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type amqplibTypes from 'amqplib';
import type * as ioredisTypes from 'ioredis';
import type kafkajsTypes from 'kafkajs';
import type mongodbTypes from 'mongodb';
import type mysql2Types from 'mysql2';
import type mysql2PromiseTypes from 'mysql2/promise';
import type pgTypes from 'pg';
import type * as redisTypes from 'redis';
import { afterEach, describe, expect, it } from 'vitest';
import type { DriverOptions } from '../../../src/connect/drivers/driver-options.ts';
import {
  ConnectDeadlineError,
  connectAmqplib,
  connectIoredis,
  connectKafkajs,
  connectMongodb,
  connectMysql2,
  connectorTable,
  connectPg,
  connectRedis,
} from '../../../src/connect/index.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { MeshOptionError } from '../../../src/shared/mesh-option-error.ts';
import { driverModule } from '../../helpers/connector-apps.ts';
import { freePort } from '../../helpers/free-port.ts';
import { socketsTo } from '../../helpers/open-sockets.ts';
import { until } from '../../helpers/until.ts';

const amqplib = driverModule<typeof amqplibTypes>('amqplib');
const callbackAmqplib = driverModule<object>('amqplib/callback_api');
const ioredis = driverModule<typeof ioredisTypes>('ioredis');
const kafkajs = driverModule<typeof kafkajsTypes>('kafkajs');
const mongodb = driverModule<typeof mongodbTypes>('mongodb');
const mysql2 = driverModule<typeof mysql2Types>('mysql2');
const mysql2Promise = driverModule<typeof mysql2PromiseTypes>('mysql2/promise');
const pg = driverModule<typeof pgTypes>('pg');
const redis = driverModule<typeof redisTypes>('redis');

type Connect = (port: number, options: DriverOptions) => Promise<unknown>;
const quiet = kafkajs.logLevel.NOTHING;
const tls = { rejectUnauthorized: false };

/** Each connector with its server's address, plain and, where that is another way through the driver, with TLS. */
const connectors: readonly [string, Connect][] = [
  ['pg', (port, options) => connectPg(pg, `postgres://u:p@127.0.0.1:${port}/d`, options)],
  ['pg, TLS', (port, options) => connectPg(pg, { host: '127.0.0.1', port, user: 'u', ssl: tls }, options)],
  ['mysql2', (port, options) => connectMysql2(mysql2Promise, `mysql://u:p@127.0.0.1:${port}/d`, options)],
  ['mysql2, callbacks', (port, options) => connectMysql2(mysql2, { host: '127.0.0.1', port }, options)],
  ['ioredis', (port, options) => connectIoredis(ioredis, `redis://127.0.0.1:${port}`, options)],
  [
    'ioredis, lazy',
    (port, options) => connectIoredis(ioredis, { port, host: '127.0.0.1', lazyConnect: true }, options),
  ],
  ['ioredis, TLS', (port, options) => connectIoredis(ioredis, { url: `rediss://127.0.0.1:${port}`, tls }, options)],
  ['redis', (port, options) => connectRedis(redis, `redis://127.0.0.1:${port}`, options)],
  ['redis, TLS', (port, options) => connectRedis(redis, { url: `rediss://127.0.0.1:${port}` }, options)],
  ['amqplib', (port, options) => connectAmqplib(amqplib, `amqp://127.0.0.1:${port}`, options)],
  [
    'amqplib, TLS',
    (port, options) => connectAmqplib(amqplib, { protocol: 'amqps', hostname: 'localhost', port }, options),
  ],
  ['kafkajs', (port, options) => connectKafkajs(kafkajs, { brokers: [`127.0.0.1:${port}`], logLevel: quiet }, options)],
  [
    'kafkajs, TLS',
    (port, options) => connectKafkajs(kafkajs, { brokers: [`localhost:${port}`], ssl: tls, logLevel: quiet }, options),
  ],
  ['mongodb', (port, options) => connectMongodb(mongodb, `mongodb://127.0.0.1:${port}`, options)],
  [
    'mongodb, TLS',
    (port, options) => connectMongodb(mongodb, { url: `mongodb://127.0.0.1:${port}`, tls: true }, options),
  ],
];
const hurried = { attemptTimeoutMs: 200, backoffBaseMs: 10, backoffCapMs: 20, logger: silentLogger };

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** Accepts, and says no more than `greeting` to what comes first. It never closes by itself, as a frozen server. */
async function silentServer(greeting = '') {
  const open = new Set<Socket>();
  let accepted = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted += 1;
    open.add(socket);
    socket.on('error', () => {}).resume();
    if (greeting) socket.once('data', () => socket.write(greeting));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { port: (server.address() as { port: number }).port, accepted: () => accepted };
}

describe.each(connectors)('%s', (name, connect) => {
  // PostgreSQL is asked whether it takes TLS; this one says yes, and no more.
  const greeting = name === 'pg, TLS' ? 'S' : '';

  it('leaves no socket of the attempts that a silent server makes too long', async () => {
    const server = await silentServer(greeting);
    const error = await connect(server.port, { ...hurried, deadlineMs: 900 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConnectDeadlineError);
    expect(error).toMatchObject({ cause: { code: 'MESH_CONNECT_ATTEMPT_TIMEOUT' } });
    expect(server.accepted()).toBeGreaterThan(2);
    // At once: the drivers' own limits are ten seconds and more.
    await until('no socket', () => socketsTo(server.port) === 0, 1_000);
    await delay(100); // what was being opened at the deadline is accepted a moment later
    const accepted = server.accepted();
    await delay(300);
    expect(server.accepted()).toBe(accepted); // nobody tries again
  });

  it("heeds the caller's signal in the middle of an attempt", async () => {
    const server = await silentServer(greeting);
    const controller = new AbortController();
    const connecting = connect(server.port, { signal: controller.signal, logger: silentLogger });
    await until('an attempt', () => server.accepted() > 0);
    controller.abort(new Error('shutting down'));
    await expect(connecting).rejects.toThrow('shutting down');
    await until('no socket', () => socketsTo(server.port) === 0, 1_000);
  });

  it('says why a server refuses', async () => {
    const reasons: string[] = [];
    const twice = new AbortController();
    const note = (fields: object): void => {
      reasons.push((fields as { reason: string }).reason);
      if (reasons.length === 2) twice.abort();
    };
    const logger = { ...silentLogger, debug: note, info: note };
    const options = { ...hurried, attemptTimeoutMs: 5_000, deadlineMs: 60_000, signal: twice.signal, logger };
    const error = await connect(await freePort(), options).catch((reason: unknown) => reason);
    expect(error).toBe(twice.signal.reason);
    expect(reasons).toHaveLength(2);
    for (const reason of reasons) expect(reason).toMatch(/ECONNREFUSED/);
  });
});

describe('what cannot work is a mistake in the program', () => {
  const address = 'x://127.0.0.1:1';
  const calls: readonly [
    keyof typeof connectorTable,
    (driver: never, config: never, options?: never) => Promise<unknown>,
    object,
  ][] = [
    ['pg', connectPg, pg],
    ['mysql2', connectMysql2, mysql2Promise],
    ['ioredis', connectIoredis, ioredis],
    ['redis', connectRedis, redis],
    ['amqplib', connectAmqplib, amqplib],
    ['kafkajs', connectKafkajs, kafkajs],
    ['mongodb', connectMongodb, mongodb],
  ];

  it('has a connector for each row', () => {
    expect(calls.map(([name]) => name)).toEqual(Object.keys(connectorTable));
    for (const [name, connect] of calls) expect(connect.name).toBe(connectorTable[name].connector);
  });

  it.each(calls)('%s', async (name, connect, driver) => {
    const failure = async (...args: unknown[]) => {
      const error = await connect(...(args as [never, never])).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(MeshOptionError);
      return (error as Error).message;
    };
    const { connector, importAs } = connectorTable[name];
    for (const wrong of [undefined, null, 'pg', {}, { default: driver }]) {
      expect(await failure(wrong, address)).toMatch(new RegExp(`^${connector}: driver must be ${name} `));
      expect(await failure(wrong, address)).toContain(importAs);
    }
    expect(await failure({ default: driver }, address)).toContain('got an object with default');
    for (const wrong of [undefined, null, '', 5]) {
      expect(await failure(driver, wrong)).toMatch(/config must be a URL or an object.*is a variable not set\?/);
    }
    expect(await failure(driver, address, { close: () => {} })).toMatch(
      /there is no option "close".* options are name,/,
    );
    expect(await failure(driver, address, { retries: 3 })).toContain('there is no option "retries"');
    expect(await failure(driver, address, { deadlineMs: 0 })).toContain('deadlineMs must be');
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'redis 3, whose client has no connect()',
      () => connectRedis({ createClient: () => ({ get() {} }) } as never, address as never),
      'got one whose client has no connect(), as version 3',
    ],
    [
      'the package mysql',
      () => connectMysql2({ createPool: () => ({ query() {}, end() {} }) } as never, address as never),
      'got one whose pool has no execute(); is it the package mysql?',
    ],
    [
      "amqplib's callbacks",
      () => connectAmqplib(callbackAmqplib as never, address as never),
      "connectAmqplib: driver must be amqplib 0.10, 1, 2 (import amqp from 'amqplib'), got its interface of callbacks",
    ],
    [
      "amqplib's own recovery",
      () => connectAmqplib(amqplib, address, { socketOptions: { recovery: true } }),
      'connectAmqplib: socketOptions must be an object without recovery, got an object',
    ],
    ...[address, {}, { brokers: [] }, { brokers: 'kafka:9092' }].map(
      (config): [string, () => Promise<unknown>, string] => [
        `kafkajs with ${JSON.stringify(config)}`,
        () => connectKafkajs(kafkajs, config as never),
        'connectKafkajs: config.brokers must be a list with the addresses of brokers',
      ],
    ),
    [
      'mongodb without a URL',
      () => connectMongodb(mongodb, { maxPoolSize: 5 } as never),
      'connectMongodb: config.url must be the URL of the servers, got undefined',
    ],
  ])('%s', async (_, call, message) => {
    const error = await call().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MeshOptionError);
    expect((error as Error).message).toContain(message);
  });
});
