import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Program, startProgram } from '../../helpers/program.ts';
import { until } from '../../helpers/until.ts';

const running: Program[] = [];
afterEach(() => {
  for (const program of running.splice(0)) program.kill();
});
async function start(options: object = {}) {
  const program = startProgram('test/fixtures/lifecycle/app.ts', [JSON.stringify(options)], { NODE_ENV: 'production' });
  running.push(program);
  const { port, health } = await program.ready<{ port: number; health: number }>();
  return { ...program, url: `http://127.0.0.1:${port}`, health: `http://127.0.0.1:${health}`, port };
}

/** What it has logged from this level of pino's on: 40 is warn, 50 error. */
function logged(app: Program, level: number) {
  const lines = app
    .stderr()
    .split('\n')
    .filter((line) => line !== '');
  return lines
    .map((line) => JSON.parse(line) as { level: number; msg: string; err?: { message: string } })
    .filter((record) => record.level >= level);
}

test('the order: not ready, served, closed, hooks in reverse, exit 0', async () => {
  const app = await start({ drainDelayMs: 1500 });
  app.child.kill('SIGTERM');
  await until('draining', () => app.lines.includes('draining'));
  expect((await fetch(`${app.health}/readyz`)).status).toBe(503);
  expect((await fetch(`${app.health}/livez`)).status).toBe(200);
  // A new connection during the delay, and a request that outlives it.
  expect(await (await fetch(app.url)).text()).toBe('ok');
  const slow = fetch(`${app.url}/slow`).then((response) => response.text());
  expect(await slow).toBe('whole');
  expect(await app.ended).toEqual({ code: 0, signal: null });
  const order = ['draining', 'begun', 'served', 'consumer closed', 'database closed', 'exit 0'];
  expect(app.lines.slice(1)).toEqual(order);
  expect(logged(app, 40)).toEqual([]);
  const progress = ['health: ready', 'shutting down: SIGTERM', 'health: draining', 'health: stopped'];
  expect(logged(app, 30).map(({ msg }) => msg)).toEqual(progress);
});

test('a request in flight is served before the hooks take its database away; SIGINT and no Kubernetes', async () => {
  const app = await start();
  const slow = fetch(`${app.url}/slow`).then((response) => response.text());
  await until('the request', () => app.lines.includes('begun'));
  app.child.kill('SIGINT');
  expect(await slow).toBe('whole');
  expect(await app.ended).toEqual({ code: 0, signal: null });
  const order = ['begun', 'draining', 'served', 'consumer closed', 'database closed', 'exit 0'];
  expect(app.lines.slice(1)).toEqual(order);
});

test('WebSocket clients are told that the server goes', async () => {
  const app = await start();
  const client = new WebSocket(app.url.replace('http', 'ws'));
  await once(client, 'open');
  const closed = once(client, 'close');
  app.child.kill('SIGTERM');
  const [code, reason] = await closed;
  expect([code, String(reason)]).toEqual([1001, 'the server is shutting down']);
  expect(await app.ended).toEqual({ code: 0, signal: null });
});

test('what does not end is cut at grace less reserve, with exit code 1', async () => {
  const app = await start({ graceMs: 800, reserveMs: 300, drainDelayMs: 0, hookTimeoutMs: 50 });
  const never = fetch(`${app.url}/never`);
  await until('the request', () => app.lines.includes('never'));
  app.child.kill('SIGTERM');
  await expect(never).rejects.toThrow();
  expect(await app.ended).toEqual({ code: 1, signal: null });
  const cut = expect.stringMatching(/^1 connections were still open \d+ ms after "SIGTERM" and were cut$/);
  expect(logged(app, 40).map(({ msg }) => msg)).toEqual([cut]);
});

test('a hook that hangs is left behind, with exit code 1', async () => {
  const app = await start({ hangingHook: true });
  app.child.kill('SIGTERM');
  expect(await app.ended).toEqual({ code: 1, signal: null });
  expect(app.lines.slice(1)).toEqual(['draining', 'consumer closed', 'database closed', 'exit 1']);
  expect(logged(app, 50)).toMatchObject([{ msg: expect.stringContaining('hook "hangs" did not end within 50 ms') }]);
});

test.each([
  ['/throw', 'uncaughtException', 'a bug'],
  ['/reject', 'unhandledRejection', 'a late bug'],
])('an uncaught error of %s takes the same way, with exit code 70', async (path, origin, message) => {
  const app = await start({ graceMs: 1000, reserveMs: 500, hookTimeoutMs: 100 });
  await expect(fetch(app.url + path)).rejects.toThrow();
  expect(await app.ended).toEqual({ code: 70, signal: null });
  expect(app.lines.slice(1)).toEqual(['draining', 'consumer closed', 'database closed', 'exit 70']);
  expect(logged(app, 50)).toMatchObject([{ msg: `${origin}, shutting down`, err: { message } }]);
});

test('a plan that is longer than a classic sidecar lives is warned of', async () => {
  const app = await start({ drainDelayMs: 5_000, classicSidecarMs: 5_000 });
  expect(app.stderr()).toContain('a classic sidecar goes 5000 ms after SIGTERM');
});
