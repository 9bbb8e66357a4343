import process from 'node:process';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHealthServer } from '../../src/health/index.ts';
import { silentLogger } from '../../src/shared/logger.ts';
import { createDatabase, type Database } from '../helpers/database-servers.ts';
import { type Envoy, envoyMissing } from '../helpers/envoy.ts';
import { freePort } from '../helpers/free-port.ts';
import { inlineProgram } from '../helpers/inline-program.ts';
import { blockNamed } from '../helpers/page-blocks.ts';
import { runCommand } from '../helpers/run-shim.ts';
import { serverMissing } from '../helpers/servers.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';
import { until } from '../helpers/until.ts';

// A node that is lost sends no FIN, and behind a sidecar the app's own end stays up. Here PostgreSQL's process for one
// connection is stopped: that connection is silent for good, and all others work.

const stopped = new Set<number>();
function silence(pid: number): void {
  process.kill(pid, 'SIGSTOP');
  stopped.add(pid);
}
function resumeAll(): void {
  for (const pid of stopped) process.kill(pid, 'SIGCONT');
  stopped.clear();
}
const backend = 'select pg_backend_pid() as pid';

describe.skipIf(envoyMissing() || serverMissing('postgres'))('PostgreSQL behind a real Envoy', () => {
  let database: Database;
  let envoy: Envoy;
  let url: string;
  beforeAll(async () => {
    database = await createDatabase('postgres');
    const port = await freePort();
    envoy = await startTcpProxy(port, database.port);
    url = `postgres://app:secret@127.0.0.1:${port}/postgres`;
    database.start();
    await until('PostgreSQL', async () => {
      const client = new pg.Client({ connectionString: url });
      client.on('error', () => {});
      await client.connect();
      await client.end();
      return true;
    });
  });
  afterEach(resumeAll);
  afterAll(async () => {
    await envoy.stop();
    await database.remove();
  });

  it('a check on a driver that knows no limit is not ready for a while, then ready', async () => {
    const pool = new pg.Pool({ connectionString: url, max: 4 });
    pool.on('error', () => {});
    let runs = 0;
    const db = () => {
      runs += 1;
      return pool.query('select 1');
    };
    const health = await createHealthServer({
      port: 0,
      logger: silentLogger,
      checkTimeoutMs: 300,
      cacheMs: 0,
      readiness: { db },
    });
    health.setState('ready');
    const readyz = async () => (await fetch(`${health.url}/readyz`)).status;
    expect(await readyz()).toBe(200);
    // The pool has one connection, which the next check takes.
    silence((await pool.query<{ pid: number }>(backend)).rows[0]?.pid ?? 0);
    const before = runs;
    expect(await readyz()).toBe(503);
    expect((await pool.query('select 2 as two')).rows).toEqual([{ two: 2 }]);
    await until('ready again', async () => (await readyz()) === 200);
    expect(runs).toBe(before + 2);
    await health.close();
    resumeAll();
    await pool.end();
  });

  it('the snippet of docs/health.md: the pool drops the silent connection, and /readyz says so', async () => {
    const port = await freePort();
    const snippet = blockNamed('docs/health.md').code.replace(
      'createHealthServer({',
      `createHealthServer({ port: ${port},`,
    );
    // The pool's own count, and the process behind its connection, on demand.
    const { command, cwd } = inlineProgram(`${snippet}
      console.log('pid:', (await pool.query('${backend}')).rows[0].pid);
      pool.on('remove', () => console.log('removed'));
      process.stdin.resume();`);
    const program = runCommand(command, { cwd, env: { DATABASE_URL: url } });
    const [, pid] = await program.saw(/^pid: (\d+)$/m);
    const readyz = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status;
    await until('ready', async () => (await readyz()) === 200);
    silence(Number(pid));
    await until('not ready', async () => (await readyz()) === 503);
    await until('ready again', async () => (await readyz()) === 200);
    await program.saw(/^removed$/m);
    program.child.kill('SIGKILL');
    await program.ended;
  });
});
