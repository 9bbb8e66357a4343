import { once } from 'node:events';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import amqp from 'amqplib';
import { Queue } from 'bullmq';
import { afterEach, describe, expect, test } from 'vitest';
import { GreeterClient } from '../../../examples/lifecycle/grpc/service.ts';
import { createDatabase, type Database } from '../../helpers/database-servers.ts';
import { copyExample } from '../../helpers/example-copy.ts';
import { freePort } from '../../helpers/free-port.ts';
import { ownAddress } from '../../helpers/own-address.ts';
import { type Program, startProgram } from '../../helpers/program.ts';
import { serverMissing } from '../../helpers/servers.ts';
import { until } from '../../helpers/until.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

function start(name: string, env: NodeJS.ProcessEnv = {}): Program {
  const copy = copyExample(`lifecycle/${name}`);
  const program = startProgram(join(copy.folder, 'main.ts'), [], { PORT: '0', HEALTH_PORT: '0', ...env });
  stops.push(copy.remove, program.kill);
  return program;
}

const exited = { code: 0, signal: null };

describe('grpc', () => {
  const connect = (port: number) => {
    const client = new GreeterClient(`${ownAddress()}:${port}`, credentials.createInsecure());
    stops.push(() => client.close());
    const hello = (ms: number) =>
      new Promise<string>((resolve, reject) => {
        client.hello?.(`${ms}`, (error: Error | null, text: string) => (error ? reject(error) : resolve(text)));
      });
    return { client, hello };
  };

  test('a call that takes longer than a hook may is answered, a stream is ended in order, and the process ends with 0', async () => {
    const app = start('grpc');
    const { port } = await app.ready<{ port: number }>();
    const { client, hello } = connect(port);
    const stream = client.count?.('1');
    const counts: string[] = [];
    stream.on('data', (text: string) => counts.push(text));
    const status = once(stream, 'status');
    expect(await hello(0)).toBe('hello');
    await until('the stream', () => counts.length > 0);
    const slow = hello(4_000);
    await hello(0); // the slow one has arrived
    app.child.kill('SIGTERM');
    expect(await slow).toBe('hello');
    expect((await status)[0]).toMatchObject({ code: 0 });
    expect(await app.ended, app.stderr()).toEqual(exited);
  });
});

/** Lines of a kind, each without its first word. */
const said = (app: Program, word: string) =>
  app.lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

/** What each of ten pieces of work says when they take longer than a hook may. */
const work = Array.from({ length: 10 }, (_, i) => 3_500 + i);

/** Ended in the middle of its work, it finishes that and takes no more; what is left is for the next one. */
async function finishesWhatItHasBegun(start: () => Program, howManyAtATime: number) {
  const app = start();
  await until('all that it takes at a time', () => said(app, 'begun').length === howManyAtATime);
  app.child.kill('SIGTERM');
  expect(await app.ended, app.stderr()).toEqual(exited);
  const begun = said(app, 'begun');
  expect(begun).toHaveLength(howManyAtATime);
  expect(said(app, 'done').toSorted()).toEqual(begun.toSorted());

  const next = start();
  await until('the rest', () => said(next, 'begun').length === work.length - howManyAtATime);
  expect([...begun, ...said(next, 'begun')].map(Number).toSorted()).toEqual(work);
  next.kill();
}

async function running(name: 'rabbitmq-server' | 'redis-server'): Promise<Database> {
  const server = await createDatabase(name);
  stops.push(server.remove);
  server.start();
  return server;
}

test.skipIf(serverMissing('rabbitmq-server'))(
  'rabbitmq-consumer: finishes and acknowledges what it has begun, and takes nothing more',
  async () => {
    const AMQP_URL = `amqp://127.0.0.1:${(await running('rabbitmq-server')).port}`;
    const connection = await until('the broker', () => amqp.connect(AMQP_URL), 100_000);
    stops.push(() => connection.close());
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue('orders', { durable: true });
    for (const ms of work) channel.sendToQueue('orders', Buffer.from(`${ms}`));
    await channel.waitForConfirms();
    await finishesWhatItHasBegun(() => start('rabbitmq-consumer', { AMQP_URL }), 5);
  },
  150_000,
);

test.skipIf(serverMissing('redis-server'))(
  'bullmq-worker: finishes the jobs that it has begun, and takes nothing more',
  async () => {
    const REDIS_URL = `redis://127.0.0.1:${(await running('redis-server')).port}`;
    const queue = new Queue<number>('orders', { connection: { url: REDIS_URL } });
    stops.push(() => queue.close());
    await queue.addBulk(work.map((data) => ({ name: 'order', data })));
    await finishesWhatItHasBegun(() => start('bullmq-worker', { REDIS_URL }), 5);
    expect(await queue.getCompletedCount()).toBe(5);
  },
);

test.each([
  ['rabbitmq-consumer', 'AMQP_URL', 'amqp'],
  ['bullmq-worker', 'REDIS_URL', 'redis'],
])('%s: told to end while it waits for its server, it ends with 0', async (name, variable, scheme) => {
  // Under NODE_ENV=test the library's own logger is silent.
  const app = start(name, { [variable]: `${scheme}://127.0.0.1:${await freePort()}`, NODE_ENV: '' });
  await until('a refusal', () => app.stderr().includes('ECONNREFUSED'));
  app.child.kill('SIGTERM');
  expect(await app.ended).toEqual(exited);
});
