import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { copyExample } from '../../helpers/example-copy.ts';
import { ownAddress } from '../../helpers/own-address.ts';
import type { PackageApp } from '../../helpers/package-app.ts';
import { type Program, startProgram } from '../../helpers/program.ts';
import { until } from '../../helpers/until.ts';

const env = { PORT: '0', HEALTH_PORT: '0' };
let program: Program | undefined;
const copies = new Map<string, PackageApp>();
afterEach(() => program?.kill());
afterAll(() => {
  for (const copy of copies.values()) copy.remove();
});
/** Where an example runs as it is copied; that of the cluster runs where it stands. */
const mainOf = (name: string): string => {
  if (name === 'cluster') return 'examples/lifecycle/cluster/main.ts';
  const copy = copies.get(name) ?? copyExample(`lifecycle/${name}`);
  copies.set(name, copy);
  return join(copy.folder, 'main.ts');
};
const start = (name: string, more = {}) => {
  program = startProgram(mainOf(name), [], { ...env, ...more });
  return program;
};
const status = async (port: number) => (await fetch(`http://127.0.0.1:${port}/readyz`)).status;

describe.each([
  ['node-http', []],
  ['express', []],
  ['fastify', ['plugins closed']],
  ['nestjs', ['nest hooks ran']],
  ['cluster', []],
])('examples/lifecycle/%s', (name, printed) => {
  test('serves, is ready, finishes a request in flight, runs its own hooks, exits with 0', async () => {
    const app = start(name);
    const { port, health } = await app.ready<{ port: number; health: number }>();
    const url = `http://${ownAddress()}:${port}`; // as the sidecar comes
    expect(await (await fetch(url)).text()).toBe('hello\n');
    expect((await fetch(`http://[::1]:${port}`)).status).toBe(200);
    await until('ready', async () => (await status(health)) === 200);
    const slow = fetch(`${url}/slow`).then((response) => response.text());
    await until('another reply while the slow one is open', async () => (await fetch(url)).ok);
    app.child.kill('SIGTERM');
    expect(await slow).toBe('hello\n');
    expect(await app.ended).toEqual({ code: 0, signal: null });
    expect(app.lines.slice(1)).toEqual(printed);
    expect(app.stderr()).toBe('');
  });
});

test('in Kubernetes the app goes on serving, not ready', async () => {
  const app = start('express', { KUBERNETES_SERVICE_HOST: '10.0.0.1' });
  const { port, health } = await app.ready<{ port: number; health: number }>();
  app.child.kill('SIGTERM');
  await until('not ready', async () => (await status(health)) === 503);
  expect((await fetch(`http://127.0.0.1:${port}`)).status).toBe(200);
});

test('cluster: a worker that is silent makes the pod not ready, one that is replaced makes it ready again', async () => {
  const app = start('cluster');
  const { health, pids } = await app.ready<{ health: number; pids: [number, number] }>();
  await until('ready', async () => (await status(health)) === 200);
  process.kill(pids[0], 'SIGSTOP');
  await until('not ready', async () => (await status(health)) === 503);
  process.kill(pids[0], 'SIGKILL');
  await until('ready again', async () => (await status(health)) === 200);
  app.child.kill('SIGTERM');
  expect(await app.ended).toEqual({ code: 0, signal: null });
});

test('queue consumer: a message that was fetched is finished, no other is fetched', async () => {
  const app = start('queue-consumer');
  const { health } = await app.ready<{ health: number }>();
  expect(await status(health)).toBe(200);
  await until('a message', () => app.lines.at(-1)?.startsWith('begun'));
  const begun = app.lines.at(-1) ?? '';
  app.child.kill('SIGTERM');
  expect(await app.ended).toEqual({ code: 0, signal: null });
  expect(app.lines.at(-1)).toBe(begun.replace('begun', 'acknowledged'));
});
