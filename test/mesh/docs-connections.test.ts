import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nodeBody } from '../helpers/bodies.ts';
import { createDatabase, type Database } from '../helpers/database-servers.ts';
import { type Envoy, envoyMissing, startEnvoy } from '../helpers/envoy.ts';
import { cluster, tcpListener } from '../helpers/envoy-resources.ts';
import { freePort } from '../helpers/free-port.ts';
import { runCommand } from '../helpers/run-shim.ts';
import { serverMissing } from '../helpers/servers.ts';
import { snippetCommand, snippetsOf } from '../helpers/snippets.ts';
import { until } from '../helpers/until.ts';

// docs/connections.md, run as it stands: behind a real Envoy that is up before its PostgreSQL.

const [waiting = '', connecting = '', deciding = '', ...others] = snippetsOf('docs/connections.md');
const logger =
  "const say = (_, message) => console.log('log:', message); const logger = { debug: say, info: say, warn: say, error: say };";

it('each snippet is run below', () => {
  expect(others).toEqual([]);
});

describe.skipIf(envoyMissing() || serverMissing('postgres'))('the snippets of docs/connections.md', () => {
  let database: Database;
  let envoy: Envoy;
  let port: number;
  beforeAll(async () => {
    database = await createDatabase('postgres');
    port = await freePort();
    envoy = await startEnvoy({
      config: {
        static_resources: {
          clusters: [cluster({ name: 'db', ports: [database.port] })],
          listeners: [tcpListener({ name: 'outbound', port, cluster: 'db' })],
        },
      },
    });
  });
  afterEach(() => database.stop());
  afterAll(async () => {
    await envoy.stop();
    await database.remove();
  });

  const run = (code: string, env: Record<string, string> = {}) => {
    const { command, cwd } = snippetCommand(code.replaceAll('db:5432', `127.0.0.1:${port}`));
    return runCommand(command, { cwd, env });
  };

  it('waitForEndpoint', async () => {
    const program = run(`console.log('waits'); ${waiting}; console.log('answers');`);
    await program.saw(/waits/);
    database.start();
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stdout()).toContain('answers');
  }, 60_000);

  it('the shim in a shell', async () => {
    const program = runCommand([
      ...nodeBody.command,
      'wait',
      '--mesh',
      'none',
      '--wait-for',
      `postgres://127.0.0.1:${port}`,
    ]);
    await program.saw(/waiting for postgres/);
    database.start();
    expect(await program.ended).toEqual({ code: 0, signal: null });
  }, 60_000);

  const postlude = "console.log((await client.query('select 1 + 1 as two')).rows); await client.end();";

  it('connectWithRetry: refused behind the sidecar, then connected, and nothing keeps the process alive', async () => {
    const program = run(`${logger} ${connecting} ${postlude}`, {
      DATABASE_URL: `postgres://app:secret@127.0.0.1:${port}/postgres`,
    });
    await program.saw(/log: orders: not connected/);
    database.start();
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stdout()).toContain('[ { two: 2 } ]');
  }, 60_000);

  it('connectWithRetry: a wrong password is sent once', async () => {
    database.start();
    const program = run(`${logger} ${connecting} ${postlude}`, {
      DATABASE_URL: `postgres://app:wrong@127.0.0.1:${port}/postgres`,
    });
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
    const hurried = connecting.replace("{ name: 'orders',", "{ name: 'orders', attemptTimeoutMs: 100,");
    expect(hurried).not.toBe(connecting);
    const program = run(`${logger} ${hurried}`, { DATABASE_URL: `postgres://app:x@127.0.0.1:${silentPort}/postgres` });
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
    const program = run(`${attempt} ${deciding}`);
    expect((await program.ended).code).toBe(1);
    expect(program.stderr()).toContain('connection: the licence has expired; not tried again (1 attempt');
  });
});
