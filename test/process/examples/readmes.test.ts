import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { waitForEndpoint } from '../../../src/connect/index.ts';
import { createDatabase } from '../../helpers/database-servers.ts';
import { copyExample } from '../../helpers/example-copy.ts';
import { freePort } from '../../helpers/free-port.ts';
import { nodesWith } from '../../helpers/nodes.ts';
import { linesMatch, type Printed, readSession, runSession, shownBy } from '../../helpers/readme-session.ts';
import { serverMissing } from '../../helpers/servers.ts';

const folders = globSync('examples/{*,lifecycle/*}/').filter((path) => !/lifecycle$|recipes$/.test(path));
const nodes = nodesWith(22);

it.each(folders)('%s has a README', (folder) => {
  expect(existsSync(join(folder, 'README.md'))).toBe(true);
});

it('the list of examples has each', () => {
  const list = readFileSync('examples/README.md', 'utf8');
  for (const folder of folders) expect(list).toContain(`](${folder.replace('examples/', '')})`);
});

function expectShown(printed: Printed, shown: Printed): void {
  expect(printed.complaints).toEqual([]);
  expect(linesMatch(printed.lines, shown.lines), printed.lines.join('\n')).toBe(true);
  expect(printed.messages).toEqual(expect.arrayContaining([...shown.messages]));
}

const alone = ['node-http', 'express', 'fastify', 'nestjs', 'queue-consumer', 'sse', 'grpc'].map(
  (name) => `lifecycle/${name}`,
);

describe.each(nodes)('on Node $version, copied and as written', ({ path: node }) => {
  it.concurrent.each(alone)('%s prints what its README shows', async (name) => {
    const copy = copyExample(name);
    onTestFinished(copy.remove);
    const session = readSession(copy.folder);
    expectShown(await runSession(session, copy.folder, { node }), shownBy(session));
  });
});

/** A copy whose files name other ports. */
function copyWithPorts(name: string, files: readonly string[], ports: Readonly<Record<number, number>>) {
  const copy = copyExample(name);
  onTestFinished(copy.remove);
  for (const file of files) {
    const path = join(copy.folder, file);
    const text = readFileSync(path, 'utf8');
    const exchange = (all: string, [from, to]: [string, number]) => all.replaceAll(`:${from}`, `:${to}`);
    writeFileSync(path, Object.entries(ports).reduce(exchange, text));
  }
  return copy;
}

it.skipIf(serverMissing('haproxy'))('split-protocols prints what its README shows', async () => {
  const servers = { 8080: await freePort(), 8081: await freePort(), 8082: await freePort() };
  const { folder } = copyWithPorts('split-protocols', ['haproxy.cfg'], servers);
  const session = readSession(folder);
  expectShown(await runSession(session, folder, { node: process.execPath, servers }), shownBy(session));
});

it.skipIf(serverMissing('nginx'))('nginx-http10 prints what its README shows', async () => {
  const servers = { 8080: await freePort(), 8081: await freePort() };
  const { folder } = copyWithPorts('nginx-http10', ['before.conf', 'after.conf'], servers);
  const session = readSession(folder);
  expectShown(await runSession(session, folder, { node: process.execPath, servers }), shownBy(session));
});

it.skipIf(serverMissing('rabbitmq-server') || serverMissing('redis-server'))(
  'rabbitmq-consumer and bullmq-worker print what their READMEs show',
  async () => {
    const [broker, redis] = [await createDatabase('rabbitmq-server'), await createDatabase('redis-server')];
    onTestFinished(async () => {
      await broker.remove();
      await redis.remove();
    });
    broker.start();
    redis.start();
    await waitForEndpoint(`amqp://127.0.0.1:${broker.port}`, { deadlineMs: 100_000 });
    const servers = { 5672: broker.port, 6379: redis.port };
    const run = async (name: string) => {
      const { folder } = copyWithPorts(`lifecycle/${name}`, [], {});
      const session = readSession(folder);
      expectShown(await runSession(session, folder, { node: process.execPath, servers }), shownBy(session));
    };
    await Promise.all([run('rabbitmq-consumer'), run('bullmq-worker')]);
  },
  150_000,
);

it.skipIf(serverMissing('postgres') || serverMissing('redis-server'))(
  'node-service and connections print what their READMEs show',
  async () => {
    const [database, redis] = [await createDatabase('postgres'), await createDatabase('redis-server')];
    onTestFinished(async () => {
      await database.remove();
      await redis.remove();
    });
    redis.start();
    database.start();
    await waitForEndpoint(`postgres://127.0.0.1:${database.port}`);
    const servers = { 5432: database.port, 6379: redis.port };
    for (const name of ['connections', 'node-service']) {
      const { folder } = copyWithPorts(name, [], {});
      const session = readSession(folder);
      expectShown(await runSession(session, folder, { node: process.execPath, servers }), shownBy(session));
    }
  },
);

it('tells what is not shown from what is', () => {
  expect(linesMatch(['a', 'b', 'c'], ['a', '...', 'c'])).toBe(true);
  expect(linesMatch(['a', 'c'], ['a', '...', 'c', '...'])).toBe(true);
  expect(linesMatch(['a', 'b'], ['a'])).toBe(false);
  expect(linesMatch(['a'], ['a', 'b'])).toBe(false);
});
