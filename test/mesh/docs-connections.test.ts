import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nodeBuild } from '../helpers/builds.ts';
import { runSnippet, snippets } from '../helpers/connections-page.ts';
import { createDatabase, type Database, type DatabaseName } from '../helpers/database-servers.ts';
import { type Envoy, envoyMissing } from '../helpers/envoy.ts';
import { freePort } from '../helpers/free-port.ts';
import { runCommand } from '../helpers/run-shim.ts';
import { serverMissing } from '../helpers/servers.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';
import { until } from '../helpers/until.ts';

// docs/connections.md, run as it stands: behind a real Envoy that is up before the server. kafkajs and mongodb: in
// docs-connections.long.test.ts.

const logger =
  "const say = (_, message) => console.log('log:', message); const logger = { debug: say, info: say, warn: say, error: say };";

/** A server that is not up yet behind an Envoy that is. */
function behindEnvoy(name: DatabaseName) {
  const state = {} as { database: Database; port: number; envoy: Envoy };
  beforeAll(async () => {
    state.database = await createDatabase(name);
    state.port = await freePort();
    state.envoy = await startTcpProxy(state.port, state.database.port);
  });
  afterEach(() => state.database.stop());
  afterAll(async () => {
    await state.envoy.stop();
    await state.database.remove();
  });
  return state;
}

describe.skipIf(envoyMissing() || serverMissing('postgres'))('the snippets on PostgreSQL', () => {
  const server = behindEnvoy('postgres');
  const url = (password = 'secret') => ({
    DATABASE_URL: `postgres://app:${password}@127.0.0.1:${server.port}/postgres`,
  });

  it('pg, and readiness that tells of an outage and its end', async () => {
    const healthPort = await freePort();
    const readiness = snippets.readiness.replace('createHealthServer({', `createHealthServer({ port: ${healthPort},`);
    const program = runSnippet(
      `${snippets.pg} ${readiness} console.log(rows); setInterval(() => {}, 1000);`,
      {},
      { ...url(), NODE_ENV: '' },
    );
    await until('a refusal', () => program.stderr().includes('orders: not connected'));
    server.database.start();
    await program.saw(/\[ { two: 2 } ]/);
    const readyz = async () => (await fetch(`http://127.0.0.1:${healthPort}/readyz`)).status;
    await until('ready', async () => (await readyz()) === 200);
    await server.database.stop();
    await until('not ready', async () => (await readyz()) === 503);
    server.database.start();
    await until('ready again', async () => (await readyz()) === 200);
    expect(program.stderr()).toMatch(/orders: connection lost: .*\n(.*\n)*.*orders: connected again/);
    program.child.kill('SIGKILL');
    await program.ended;
  }, 60_000);

  it('waitForEndpoint', async () => {
    const program = runSnippet(`console.log('waits'); ${snippets.waitForEndpoint}; console.log('answers');`, {
      'db:5432': `127.0.0.1:${server.port}`,
    });
    await program.saw(/waits/);
    server.database.start();
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stdout()).toContain('answers');
  }, 60_000);

  it('the shim in a shell', async () => {
    const address = `postgres://127.0.0.1:${server.port}`;
    const program = runCommand([...nodeBuild.command, 'wait', '--mesh', 'none', '--wait-for', address]);
    await program.saw(/waiting for postgres/);
    server.database.start();
    expect(await program.ended).toEqual({ code: 0, signal: null });
  }, 60_000);

  const postlude = "console.log((await client.query('select 1 + 1 as two')).rows); await client.end();";

  it('connectWithRetry: refused behind the sidecar, then connected, and nothing keeps the process alive', async () => {
    const program = runSnippet(`${logger} ${snippets.connectWithRetry} ${postlude}`, {}, url());
    await program.saw(/log: orders: not connected/);
    server.database.start();
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stdout()).toContain('[ { two: 2 } ]');
  }, 60_000);

  it('connectWithRetry: a wrong password is sent once', async () => {
    server.database.start();
    const program = runSnippet(`${logger} ${snippets.connectWithRetry} ${postlude}`, {}, url('wrong'));
    expect((await program.ended).code).toBe(1);
    expect(program.stderr()).toMatch(/ConnectFatalError: orders: wrong password; not tried again/);
  }, 60_000);

  it('connectWithRetry: an attempt that is cut off closes its socket', async () => {
    const sockets = new Set<Socket>();
    let accepted = 0;
    const silent = createServer((socket) => {
      accepted += 1;
      sockets.add(
        socket
          .on('close', () => sockets.delete(socket))
          .on('error', () => {})
          .resume(),
      );
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port: silentPort } = silent.address() as { port: number };
    const code = snippets.connectWithRetry;
    const hurried = code.replace("{ name: 'orders',", "{ name: 'orders', attemptTimeoutMs: 100,");
    expect(hurried).not.toBe(code);
    const env = { DATABASE_URL: `postgres://app:x@127.0.0.1:${silentPort}/postgres` };
    const program = runSnippet(`${logger} ${hurried}`, {}, env);
    await until('some attempts', () => accepted > 3);
    // The one under way, and at most one whose end has not been seen yet.
    expect(sockets.size).toBeLessThanOrEqual(2);
    program.child.kill('SIGKILL');
    await program.ended;
    silent.close();
  }, 60_000);

  it('fatal: what the application knows, before the table', async () => {
    const attempt =
      "const attempt = async () => { throw Object.assign(new Error('x'), { code: 'LICENCE_EXPIRED' }); };";
    const program = runSnippet(`${attempt} ${snippets.fatal}`);
    expect((await program.ended).code).toBe(1);
    expect(program.stderr()).toContain('connection: the licence has expired; not tried again (1 attempt');
  });
});

const others = [
  [
    'mysql2',
    'mariadbd',
    'app@orders-db:3306/orders',
    'root@HERE',
    'console.log(rows); await pool.end();',
    '[ { two: 2 } ]',
  ],
  [
    'ioredis',
    'redis-server',
    'cache:6379',
    'HERE',
    "console.log(await redis.get('greeting')); await redis.quit();",
    'hello',
  ],
  [
    'redis',
    'redis-server',
    'cache:6379',
    'HERE',
    "console.log(await client.get('greeting')); await client.close();",
    'hello',
  ],
  ['amqplib', 'rabbitmq-server', 'broker:5672', 'HERE', 'setTimeout(() => broker.close(), 300);', 'received 42'],
] as const;

describe.skipIf(envoyMissing()).each(others)('the snippet of %s', (name, database, host, place, postlude, printed) => {
  describe.skipIf(serverMissing(database))(database, () => {
    const server = behindEnvoy(database);

    it('waits for the server, works, and nothing keeps the process alive', async () => {
      const here = place.replace('HERE', `127.0.0.1:${server.port}`);
      const program = runSnippet(`${snippets[name]} ${postlude}`, { [host]: here }, { NODE_ENV: '' });
      await until('a refusal', () => program.stderr().includes(`${name}: not connected`));
      server.database.start();
      expect(await program.ended).toEqual({ code: 0, signal: null });
      expect(program.stdout()).toContain(printed);
    }, 120_000);
  });
});
