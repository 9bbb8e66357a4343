import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type ConnectOptions, connectorTable } from '../../src/connect/index.ts';
import { silentLogger } from '../../src/shared/logger.ts';
import { freePort } from '../helpers/free-port.ts';

// What the connectors do with real servers is in test/mesh; here each example is run up to the refusal.

const schemes: Record<keyof typeof connectorTable, string> = {
  pg: 'postgres',
  mysql2: 'mysql',
  ioredis: 'redis',
  redis: 'redis',
  amqplib: 'amqp',
  kafkajs: 'kafka',
  mongodb: 'mongodb',
};

it('there is one for each connector', () => {
  const files = readdirSync('examples/connections').filter((name) => name.endsWith('.ts'));
  expect(files.toSorted()).toEqual(
    Object.keys(connectorTable)
      .toSorted()
      .map((name) => `${name}.ts`),
  );
});

it.each(Object.entries(schemes))('%s', async (driver, scheme) => {
  type Example = { connect: (url: string, options: ConnectOptions) => Promise<unknown> };
  const { connect }: Example = await import(`../../examples/connections/${driver}.ts`);
  const options = { name: 'orders', deadlineMs: 300, backoffBaseMs: 10, logger: silentLogger, close: () => {} };
  const failure = connect(`${scheme}://127.0.0.1:${await freePort()}`, options);
  await expect(failure).rejects.toMatchObject({
    code: 'MESH_CONNECT_DEADLINE',
    subject: 'orders',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});
