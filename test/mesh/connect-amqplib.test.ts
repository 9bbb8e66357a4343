import type amqplib from 'amqplib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectAmqplib, type RenewedConnection } from '../../src/connect/index.ts';
import { silentLogger } from '../../src/shared/logger.ts';
import { driverModule } from '../helpers/connector-apps.ts';
import { createDatabase, type Database } from '../helpers/database-servers.ts';
import { socketsTo } from '../helpers/open-sockets.ts';
import { serverMissing } from '../helpers/servers.ts';
import { until } from '../helpers/until.ts';

// What amqplib leaves to the app, with a real RabbitMQ. Restarts are in connectors.test.ts.

describe.skipIf(serverMissing('rabbitmq-server'))('connectAmqplib', () => {
  const driver = driverModule<typeof amqplib>('amqplib');
  let broker: Database;
  let url: string;
  const open: RenewedConnection<unknown>[] = [];
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (_: object, message: string) => void warnings.push(message) };
  const options = { logger, deadlineMs: 100_000, backoffBaseMs: 10 };
  beforeAll(async () => {
    broker = await createDatabase('rabbitmq-server');
    url = `amqp://127.0.0.1:${broker.port}`;
    broker.start();
    open.push(await connectAmqplib(driver, url, options));
  });
  afterEach(async () => {
    for (const connection of open.splice(0)) await connection.close();
    warnings.splice(0);
    expect(socketsTo(broker.port)).toBe(0);
  });
  afterAll(() => broker.remove());

  /** A consumer on a queue of its own, and what has come. */
  const consumer = async (queue: string) => {
    const received: string[] = [];
    const connection = await connectAmqplib(driver, url, {
      ...options,
      setup: async (made) => {
        const channel = await made.createChannel();
        await channel.assertQueue(queue);
        await channel.consume(queue, (message) => message && received.push(String(message.content)), { noAck: true });
        return channel;
      },
    });
    open.push(connection);
    return { connection, received };
  };

  it('asks for a heartbeat of ten seconds where the app does not say', async () => {
    const heartbeatOf = async (address: Parameters<typeof driver.connect>[0]) => {
      const connection = await connectAmqplib(driver, address, options);
      open.push(connection);
      return ((await connection.ready()).connection as unknown as { heartbeat: number }).heartbeat;
    };
    const settings = { protocol: 'amqp', hostname: '127.0.0.1', port: broker.port };
    expect(await heartbeatOf(url)).toBe(10);
    expect(await heartbeatOf(`${url}?frameMax=8192`)).toBe(10);
    expect(await heartbeatOf(`${url}?heartbeat=7`)).toBe(7);
    expect(await heartbeatOf(settings)).toBe(10);
    expect(await heartbeatOf({ ...settings, heartbeat: 7 })).toBe(7);
  });

  it('loses no acknowledgement that was sent just before the close', async () => {
    for (let round = 0; round < 5; round++) {
      const publisher = await connectAmqplib(driver, url, { ...options, setup: (made) => made.createConfirmChannel() });
      open.push(publisher);
      const channel = await publisher.ready();
      await channel.assertQueue('last');
      channel.sendToQueue('last', Buffer.from('once'));
      await channel.waitForConfirms();
      let acknowledged = () => {};
      const done = new Promise<void>((resolve) => {
        acknowledged = resolve;
      });
      const connection = await connectAmqplib(driver, url, {
        ...options,
        setup: async (made) => {
          const consuming = await made.createChannel();
          await consuming.consume('last', (message) => {
            if (message) consuming.ack(message);
            acknowledged();
          });
          return consuming;
        },
      });
      await done;
      await connection.close();
      expect((await channel.checkQueue('last')).messageCount).toBe(0);
    }
  });

  it('sets up again after the broker has closed a channel for a mistake of the app', async () => {
    const { connection, received } = await consumer('mistake');
    const channel = await connection.ready();
    channel.ack({ fields: { deliveryTag: 99 } } as amqplib.Message);
    await until('another channel', () => connection.current !== undefined && connection.current !== channel);
    expect(warnings[0]).toMatch(/^amqplib: connection lost: .*PRECONDITION_FAILED - unknown delivery tag 99/);
    (await connection.ready()).sendToQueue('mistake', Buffer.from('later'));
    await until('the message', () => received.includes('later'));
  });

  it('sets up again after the broker has cancelled a consumer', async () => {
    const { connection, received } = await consumer('moved');
    const channel = await connection.ready();
    const other = await consumer('other');
    await (await other.connection.ready()).deleteQueue('moved');
    await until('another channel', () => connection.current !== undefined && connection.current !== channel);
    expect(warnings[0]).toContain('cancelled a consumer');
    (await connection.ready()).sendToQueue('moved', Buffer.from('later'));
    await until('the message', () => received.includes('later'));
  });

  it('counts a set-up that fails or hangs as an attempt', async () => {
    const connection = await connectAmqplib(driver, url, {
      ...options,
      attemptTimeoutMs: 300,
      setup: async (made) => {
        attempts += 1;
        if (attempts === 1) await (await made.createChannel()).checkQueue('nowhere');
        if (attempts === 2) await new Promise(() => {});
        return attempts;
      },
    });
    open.push(connection);
    expect(connection.current).toBe(3);
    await until('one socket', () => socketsTo(broker.port) === 1);
  });
  let attempts = 0;

  it('can be closed while the broker is away', async () => {
    const { connection } = await consumer('away');
    await broker.stop();
    await until('the loss', () => connection.current === undefined);
    const waiting = connection.ready();
    waiting.catch(() => {});
    await connection.close();
    await expect(waiting).rejects.toThrow('amqplib: this connection has been closed');
  });
});
