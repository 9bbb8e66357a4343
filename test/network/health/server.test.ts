import { once } from 'node:events';
import { get, request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { createHealthServer, type HealthServer, type HealthServerOptions } from '../../../src/health/index.ts';
import { MeshOptionError } from '../../../src/shared/mesh-option-error.ts';
import { until } from '../../helpers/until.ts';

const open: HealthServer[] = [];
async function start(options: HealthServerOptions = {}) {
  const health = await createHealthServer({ port: 0, ...options });
  open.push(health);
  return health;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((health) => health.close()));
});
const statuses = async ({ url }: HealthServer) =>
  Promise.all(['livez', 'readyz', 'startupz'].map(async (path) => (await fetch(`${url}/${path}`)).status));

describe.each([false, true])('worker: %s', (worker) => {
  test('the state decides, liveness stays 200 while draining, and nothing goes back', async () => {
    const health = await start({ worker });
    expect(await statuses(health)).toEqual([200, 503, 503]);
    expect(health.setState('ready')).toBe(true);
    await until('ready', async () => (await fetch(`${health.url}/readyz`)).ok);
    expect(await statuses(health)).toEqual([200, 200, 200]);
    expect(health.setState('draining')).toBe(true);
    await until('draining', async () => !(await fetch(`${health.url}/readyz`)).ok);
    expect(await statuses(health)).toEqual([200, 503, 200]);
    expect(health.setState('ready')).toBe(false);
    expect(health.state).toBe('draining');
  });

  test('GET and HEAD, text and JSON, never stored, each on a connection of its own', async () => {
    const health = await start({
      worker,
      readiness: { db: () => Promise.reject(new Error('refused')), mesh: () => true },
    });
    health.setState('ready');
    const asJson = await fetch(`${health.url}/readyz`, { headers: { accept: 'application/json' } });
    expect(asJson.status).toBe(503);
    expect(asJson.headers.get('cache-control')).toBe('no-store');
    expect(asJson.headers.get('connection')).toBe('close');
    expect(await asJson.json()).toMatchObject({
      endpoint: 'readyz',
      ok: false,
      state: 'ready',
      checks: { db: { ok: false, message: 'refused' }, mesh: { ok: true } },
    });
    expect(await (await fetch(`${health.url}/readyz`)).text()).toBe('not ok: db (refused)\n');
    expect(await (await fetch(`${health.url}/readyz?format=json`)).json()).toMatchObject({ ok: false });
    const head = await fetch(`${health.url}/livez`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const post = await fetch(`${health.url}/livez`, { method: 'POST', body: 'x' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await fetch(`${health.url}/healthz`)).status).toBe(404);
  });

  test('paths can be set and messages kept back', async () => {
    const readiness = { db: () => new Error('db.internal refused') };
    const health = await start({ worker, paths: { readyz: '/ready' }, messages: false, readiness });
    health.setState('ready');
    await until('the state', async () => (await (await fetch(`${health.url}/ready`)).text()) === 'not ok: db\n');
    expect((await fetch(`${health.url}/readyz`)).status).toBe(404);
  });

  test('a port in use is named, with the fix', async () => {
    const first = await start({ worker });
    await expect(start({ worker, port: first.port })).rejects.toMatchObject({
      code: 'HEALTH_PORT_IN_USE',
      message: expect.stringContaining(`health server: port ${first.port} is in use`),
    });
    const second = await start({ worker });
    expect(second.port).not.toBe(first.port);
    expect((await fetch(`${second.url}/livez`)).status).toBe(200);
  });

  test("it answers on the machine's own addresses, IPv4 and IPv6", async () => {
    const health = await start({ worker });
    const addresses = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ scopeid }) => !scopeid);
    for (const { address, family } of addresses) {
      const host = family === 'IPv6' ? `[${address}]` : address;
      expect((await fetch(`http://${host}:${health.port}/livez`)).status).toBe(200);
    }
  });

  test('a slow, a huge and a nonsensical request are ended', async () => {
    const health = await start({ worker, requestTimeoutMs: 200 });
    const talk = async (text: string) => {
      const socket = connect(health.port, '127.0.0.1');
      const chunks: string[] = [];
      socket
        .setEncoding('utf8')
        .on('data', (chunk: string) => void chunks.push(chunk))
        .on('error', () => {});
      socket.write(text);
      await once(socket, 'close');
      return chunks.join('').split('\r\n')[0];
    };
    expect(await talk('GET /livez HTTP/1.1\r\nhost: x\r\nx-slow: ')).toBe('HTTP/1.1 408 Refused');
    expect(await talk(`GET /livez HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)).toBe('HTTP/1.1 431 Refused');
    expect(await talk('nonsense\r\n\r\n')).toBe('HTTP/1.1 400 Refused');
  });

  test('connections beyond the limit push out the oldest, so that a probe always gets in', async () => {
    const health = await start({ worker, maxConnections: 2, requestTimeoutMs: 60_000 });
    const open = () => connect(health.port, '127.0.0.1').on('error', () => {});
    const first = open();
    await once(first, 'connect');
    const others = [open(), open(), open()];
    await once(first.resume(), 'close');
    expect((await fetch(`${health.url}/livez`)).status).toBe(200);
    for (const socket of others) socket.destroy();
  });

  test('close ends open connections and frees the port', async () => {
    const health = await start({ worker });
    const socket = connect(health.port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    const closed = new Promise((resolve) => socket.once('close', resolve)); // by FIN, or by RST if it was not accepted yet
    await Promise.all([health.close(), health.close(), closed]);
    expect(health.state).toBe('stopped');
    await expect(fetch(`${health.url}/livez`)).rejects.toThrow();
    await start({ worker, port: health.port });
  });
});

test('a time limit may be a fraction', async () => {
  const health = await start({ requestTimeoutMs: 999.5 });
  expect((await fetch(`${health.url}/livez`)).status).toBe(200);
});

test('a time limit may be as long as a timer can wait', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => void warnings.push(warning);
  process.on('warning', onWarning);
  const health = await start({ requestTimeoutMs: 2 ** 31 - 1 });
  expect((await fetch(`${health.url}/livez`)).status).toBe(200);
  await new Promise(setImmediate);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});

test('start-up checks count once', async () => {
  let migrated = false;
  const health = await start({ startup: { migrations: () => migrated }, cacheMs: 0 });
  health.setState('ready');
  expect(await statuses(health)).toEqual([200, 200, 503]);
  migrated = true;
  expect(await statuses(health)).toEqual([200, 200, 200]);
  migrated = false;
  expect(await statuses(health)).toEqual([200, 200, 200]);
});

test('a check that hangs costs its own limit and hides no other', async () => {
  const health = await start({
    checkTimeoutMs: 50,
    readiness: { hangs: () => new Promise(() => {}), fine: () => true },
  });
  health.setState('ready');
  const { checks } = await health.report('readyz');
  expect(checks).toMatchObject({ hangs: { ok: false, message: 'no answer within 50 ms' }, fine: { ok: true } });
});

test('an overloaded event loop makes the app not ready, and a calm one ready again', async () => {
  const health = await start({ eventLoop: { maxDelayMs: 100 }, cacheMs: 0 });
  health.setState('ready');
  await new Promise((resolve) => setTimeout(resolve, 30)); // the first sample
  blockFor(400);
  await new Promise((resolve) => setTimeout(resolve, 30));
  const { ok, checks } = await health.report('readyz');
  expect(ok).toBe(false);
  expect(checks['event-loop']?.message).toMatch(/^delay \d+ ms, limit 100 ms$/);
  await until('calm', async () => (await health.report('readyz')).ok);
});

const notPort = "port must be a port that is neither the sidecar's nor the app's, got ";
test.each<[string, HealthServerOptions, { option: string; reason?: string }, string]>([
  [
    'a reserved port',
    { port: 15021 },
    { option: 'port', reason: 'HEALTH_PORT_RESERVED' },
    `${notPort}15021, which is the sidecar's readiness; choose another, such as 9000`,
  ],
  [
    "the app's port",
    { port: 8080, appPorts: [8080] },
    { option: 'port', reason: 'HEALTH_PORT_SHARED' },
    `${notPort}8080, which is one of appPorts`,
  ],
  ['no port', { port: 70_000 }, { option: 'port' }, 'port must be an integer from 0 to 65535, got 70000'],
  [
    'a port as a string',
    { port: '9000' as never },
    { option: 'port' },
    'from 0 to 65535, got the string "9000"; pass a number, as in Number(process.env.PORT)',
  ],
  [
    'a check that is none',
    { readiness: { db: 5 as never } },
    { option: 'readiness.db' },
    'readiness.db must be a function or { check, timeoutMs, cacheMs }, got 5',
  ],
  [
    'a path without /',
    { paths: { livez: 'livez' } },
    { option: 'paths.livez' },
    'paths.livez must be a path that begins with / and has no query, got the string "livez"',
  ],
  [
    'equal paths',
    { paths: { livez: '/readyz' } },
    { option: 'paths' },
    'paths must be paths that differ, got /readyz,',
  ],
  ['a negative time', { checkTimeoutMs: -1 }, { option: 'checkTimeoutMs' }, 'checkTimeoutMs must be a number of'],
  ['an unknown option', { prot: 1 } as object, { option: 'prot' }, 'there is no option "prot"; did you mean "port"?'],
  [
    "a check with the name of the server's own",
    { eventLoop: {}, readiness: { 'event-loop': () => true } },
    { option: 'readiness.event-loop' },
    'got another check that is called event-loop; rename it',
  ],
])('%s is refused', async (_title, options, fields, text) => {
  const error = await start(options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(MeshOptionError);
  expect(error).toMatchObject({ code: 'MESH_OPTION', reason: undefined, ...fields });
  expect((error as Error).message).toContain(`createHealthServer: `);
  expect((error as Error).message).toContain(text);
});

test('a port that was refused is not taken, and another one is', async () => {
  await expect(start({ port: 15021 })).rejects.toThrow(MeshOptionError);
  expect((await fetch(`${(await start()).url}/livez`)).status).toBe(200);
});

test('a state and an endpoint that do not exist are refused', async () => {
  const health = await start();
  expect(() => health.setState('redy' as never)).toThrow(
    `HealthServer.setState: next must be 'starting', 'ready', 'draining' or 'stopped', got the string "redy"; did you mean "ready"?`,
  );
  await expect(health.report('ready' as never)).rejects.toThrow(
    `HealthServer.report: endpoint must be 'livez', 'readyz' or 'startupz', got the string "ready"; did you mean "readyz"?`,
  );
});

test('a request with a body that never ends is answered and ended', async () => {
  const health = await start({ requestTimeoutMs: 300 });
  const upload = request(`${health.url}/livez`, { method: 'GET', headers: { 'transfer-encoding': 'chunked' } }).on(
    'error',
    () => {},
  );
  upload.write('x');
  const [response] = await once(upload, 'response');
  expect(response.statusCode).toBe(200);
  const closed = once(response.socket, 'close');
  response.resume();
  await closed;
});

test('the state and the checks of a blocked main thread are answered by the worker', async () => {
  // The client is another process: this one's loop is the one that is blocked.
  const { spawn } = await import('node:child_process');
  const program = new URL('../../fixtures/health/blocked.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => void lines.push(...text.trim().split('\n')));
  const port = Number(await until('its port', () => lines[0]));
  const status = (path: string) =>
    new Promise<number>((resolve) => {
      get({ port, host: '127.0.0.1', path, agent: false }, (response) => resolve(response.resume().statusCode ?? 0));
    });
  expect(await status('/readyz')).toBe(200);
  child.stdin.write('block\n');
  await until('the block', () => lines.includes('blocking'));
  expect(await status('/livez')).toBe(200);
  await until('not ready', async () => (await status('/readyz')) === 503);
  expect(lines).not.toContain('free');
  await until('not alive', async () => (await status('/livez')) === 503);
  expect(lines).not.toContain('free');
  await until('the end of the block', () => lines.includes('free'));
  await until('alive and ready', async () => (await status('/readyz')) === 200 && (await status('/livez')) === 200);
  child.kill('SIGKILL');
});

function blockFor(ms: number) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
