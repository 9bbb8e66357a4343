import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import amqplib from 'amqplib';
import { Queue, Worker } from 'bullmq';
import { Server as SocketIoServer } from 'socket.io';
import { io as connectSocketIo } from 'socket.io-client';
import { afterEach, describe, expect, test } from 'vitest';
import { findServer } from '../../../scripts/server-binary.ts';
import { connectWithRetry } from '../../../src/index.ts';
import { createLifecycle, type LifecycleOptions, silentLogger } from '../../../src/lifecycle/index.ts';
import { createDatabase, type Database } from '../../helpers/database-servers.ts';
import { until } from '../../helpers/until.ts';

let database: Database | undefined;
afterEach(() => database?.remove());

const inProcess: LifecycleOptions = {
  ...{ logger: silentLogger, signals: [], uncaughtErrors: false, exit: () => {} },
  ...{ graceMs: 20_000, hookTimeoutMs: 100 },
};

test('two consumers are closed at the signal, side by side, with more time than a hook; then the hooks', async () => {
  const said: string[] = [];
  const consumer = (name: string) => ({
    name,
    async close() {
      said.push(`${name} closing`);
      await delay(500);
      said.push(`${name} closed`);
    },
  });
  const lifecycle = createLifecycle({
    ...inProcess,
    drainDelayMs: 100,
    consumers: [consumer('a'), consumer('b')],
    servers: [{ close: () => void said.push('server closed') }],
    hooks: [{ name: 'database', run: () => void said.push('hook') }],
  });
  expect(await lifecycle.shutdown()).toBe(0);
  expect(said).toEqual(['a closing', 'b closing', 'server closed', 'a closed', 'b closed', 'hook']);
});

test('a consumer that does not end is cut, and makes the code 1', async () => {
  const cut: string[] = [];
  const lifecycle = createLifecycle({
    ...{ ...inProcess, graceMs: 300, reserveMs: 100, drainDelayMs: 0 },
    consumers: [{ close: () => new Promise(() => {}), cut: () => void cut.push('cut') }],
  });
  expect([await lifecycle.shutdown(), cut]).toEqual([1, ['cut']]);
});

describe.skipIf(!findServer('redis-server'))('BullMQ', () => {
  test('a job under way is finished, no other is fetched', async () => {
    database = await createDatabase('redis-server');
    database.start();
    const connection = { host: '127.0.0.1', port: database.port, maxRetriesPerRequest: null };
    const queue = new Queue('orders', { connection });
    const [begun, done]: [unknown[], unknown[]] = [[], []];
    const worker = new Worker(
      'orders',
      async ({ name }) => {
        begun.push(name);
        await delay(500);
        done.push(name);
      },
      { connection },
    );
    await queue.addBulk(['1', '2', '3'].map((name) => ({ name, data: {} })));
    await until('a job', () => begun.length === 1);
    const lifecycle = createLifecycle({
      ...inProcess,
      // As docs/lifecycle.md has it.
      consumers: [{ name: 'orders', close: () => worker.close(), cut: () => worker.close(true) }],
      hooks: [{ name: 'redis', run: () => queue.close() }],
    });
    expect(await lifecycle.shutdown()).toBe(0);
    expect([begun, done]).toEqual([['1'], ['1']]);
  });
});

describe.skipIf(!findServer('rabbitmq-server'))('RabbitMQ', () => {
  test('messages under way are acknowledged, the others stay', async () => {
    database = await createDatabase('rabbitmq-server');
    database.start();
    const url = `amqp://127.0.0.1:${database.port}`;
    const connection = await connectWithRetry(() => amqplib.connect(url), { deadlineMs: 90_000, logger: silentLogger });
    const channel = await connection.createChannel();
    await channel.assertQueue('orders');
    for (const number of [1, 2, 3]) channel.sendToQueue('orders', Buffer.from(`${number}`));
    await channel.prefetch(1);
    const working = new Set<Promise<void>>();
    let acknowledged = 0;
    const { consumerTag } = await channel.consume('orders', (message) => {
      if (message === null) return;
      const work = delay(500).then(() => {
        channel.ack(message);
        acknowledged += 1;
        working.delete(work);
      });
      working.add(work);
    });
    await until('a message', () => working.size === 1);
    const lifecycle = createLifecycle({
      ...inProcess,
      consumers: [
        {
          name: 'orders',
          // What has come is worked off, the rest stays in the queue.
          async close() {
            await channel.cancel(consumerTag);
            await Promise.all(working);
            await channel.close();
          },
        },
      ],
      hooks: [{ name: 'rabbitmq', run: () => connection.close(), timeoutMs: 5_000 }],
    });
    expect(await lifecycle.shutdown()).toBe(0);
    const again = await amqplib.connect(url);
    const { messageCount } = await (await again.createChannel()).checkQueue('orders');
    expect(acknowledged + messageCount).toBe(3);
    expect(acknowledged).toBeGreaterThan(0);
    await again.close();
  });
});

test('socket.io: its clients are told, and the process can end', async () => {
  const server = createServer();
  const io = new SocketIoServer(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const lifecycle = createLifecycle({
    ...inProcess,
    servers: [server, { name: 'socket.io', close: () => io.close(), cut: () => io.disconnectSockets(true) }],
  });
  const client = connectSocketIo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { reconnection: false });
  await once(client as never, 'connect');
  const left = once(client as never, 'disconnect');
  expect(await lifecycle.shutdown()).toBe(0);
  await left;
});
