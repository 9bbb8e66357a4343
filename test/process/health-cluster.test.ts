import process from 'node:process';
import { afterEach, describe, expect, test } from 'vitest';
import type { HealthReport } from '../../src/health/index.ts';
import { type Program, startProgram } from '../helpers/program.ts';
import { until } from '../helpers/until.ts';

let program: Program | undefined;
let pids: number[] = [];
afterEach(() => {
  for (const pid of pids.splice(0)) process.kill(pid, 'SIGCONT'); // they end with their primary's channel
  program?.kill();
});

type Line = { port?: number; pids?: number[]; process?: string; level?: string; message?: string };
const lines = (): Line[] => (program?.lines ?? []).map((line) => JSON.parse(line));
const warnings = () => lines().filter(({ level }) => level === 'warn');

async function start(env: { PRIMARY?: string; WORKER?: string; LATE?: string }): Promise<void> {
  program = startProgram('test/fixtures/health/cluster.ts', [], env);
  pids = await until('the workers', () => lines().find((line) => line.pids)?.pids);
}

const port = () => until('the health port', () => lines().find((line) => line.port)?.port);
async function ask(path: string): Promise<HealthReport> {
  const reply = await fetch(`http://127.0.0.1:${await port()}${path}?format=json`);
  return (await reply.json()) as HealthReport;
}
const workersReady = () =>
  until('the workers', () => {
    const said = lines().filter((line) => line.process === 'worker' && line.message === 'health: ready');
    return said.length === 2;
  });
const ready = () => until('ready', async () => (await ask('/readyz')).ok);

describe('which checks count', () => {
  const failing = "{ mine: () => { throw new Error('mine'); } }";

  test('of a worker only readiness, and it says that it is not asked for what it was given besides', async () => {
    await start({ PRIMARY: '{ minReadyWorkers: 2 }', WORKER: `{ liveness: ${failing}, startup: ${failing} }` });
    await ready();
    expect((await ask('/livez')).ok).toBe(true);
    expect((await ask('/startupz')).ok).toBe(true);
    const text =
      "health: a cluster's worker is not asked for liveness and startup: give them to the primary, or to readiness";
    expect(warnings()).toEqual([
      { process: 'worker', level: 'warn', message: text },
      { process: 'worker', level: 'warn', message: text },
    ]);
  });

  test("a worker's readiness makes the primary not ready", async () => {
    await start({ PRIMARY: '{}', WORKER: `{ readiness: ${failing} }` });
    await workersReady();
    const { checks } = await ask('/readyz');
    expect(checks.workers).toMatchObject({ ok: false, message: '0 of 2 workers are ready, needed: 1' });
    expect((await ask('/livez')).ok).toBe(true);
  });

  test("all of the primary's own", async () => {
    await start({ PRIMARY: `{ liveness: ${failing}, startup: ${failing}, readiness: ${failing} }`, WORKER: '{}' });
    await until('the workers', async () => (await ask('/readyz')).checks.workers?.ok);
    for (const path of ['/livez', '/startupz', '/readyz']) {
      const { ok, checks } = await ask(path);
      expect([path, ok, checks.mine?.message]).toEqual([path, false, 'mine']);
    }
  });
});

test.each([
  [1, true],
  [2, false],
])('one of two workers is frozen, needed are %i: ready is %s', async (needed, isReady) => {
  await start({ PRIMARY: `{ minReadyWorkers: ${needed} }`, WORKER: '{}' });
  await workersReady();
  await ready();
  process.kill(pids[0] ?? 0, 'SIGSTOP');
  for (let i = 0; i < 3; i += 1) expect((await ask('/readyz')).ok).toBe(isReady);
  expect((await ask('/livez')).ok).toBe(true);
  process.kill(pids[0] ?? 0, 'SIGCONT');
  await ready();
});

describe('a primary that does not ask', () => {
  test('is missed in the log, with what to do', async () => {
    await start({ WORKER: '{ port: 9000 }' });
    await until('both workers to say so', () => warnings().length === 2);
    expect(warnings()[0]?.message).toBe(
      'health: with "cluster" a worker answers its primary, and no primary has asked within 5 s: nobody listens on port 9000; call createHealthServer({ cluster: true }) in the primary as well; where that is another program (pm2), leave "cluster" out and give each worker a port of its own',
    );
  });

  test('and is noticed when it comes late', async () => {
    await start({ PRIMARY: '{}', WORKER: '{}', LATE: 'yes' });
    await until('both workers to miss it', () => warnings().length === 2);
    program?.child.kill('SIGUSR2');
    await ready();
    const noticed = () => lines().filter(({ message }) => message === 'health: the primary has answered');
    await until('both workers to notice it', () => noticed().length === 2);
    expect(warnings()).toHaveLength(2);
  });
});
