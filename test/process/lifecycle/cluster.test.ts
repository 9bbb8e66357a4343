import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Running, runCommand } from '../../helpers/run-shim.ts';
import { until } from '../../helpers/until.ts';

const path = (name: string) => fileURLToPath(new URL(`../../fixtures/lifecycle/${name}.ts`, import.meta.url));

async function start(kind: string, options: object = {}, prefix: readonly string[] = []) {
  const env = { NODE_ENV: 'production' };
  const app = runCommand([process.execPath, path('cluster'), kind, JSON.stringify(options)], { prefix, env });
  const [, port, first, second] = await app.saw(/\{"port":(\d+),"pids":\[(\d+),(\d+)\]\}/);
  return { app, url: `http://127.0.0.1:${port}`, pids: [Number(first), Number(second)] as const };
}

const ask = (url: string) =>
  fetch(url, { headers: { connection: 'close' } }).then(
    (response) => response.text(),
    (error) => `lost: ${error.cause?.code}`,
  );
const count = (app: Running, line: string) => app.stdout().split(`${line}\n`).length - 1;

async function slowRequests(app: Running, url: string, number: number) {
  const replies = Array.from({ length: number }, () => ask(`${url}/slow`));
  await until('the requests', () => count(app, 'begun') === number);
  return Promise.all(replies);
}

const whole = ['whole', 'whole', 'whole', 'whole'];

/** How the signal comes: from the cluster's primary alone up to everybody in the group, twice. */
const ways: Record<string, readonly string[]> = {
  'to the primary alone': [],
  'to the group, twice, by a relay of ours': [process.execPath, path('relay-to-group')],
};
for (const [name, command] of Object.entries({
  'to the group, by dumb-init': ['dumb-init'],
  'to the group, by tini': ['tini', '-s', '-g', '--'],
})) {
  if (spawnSync(command[0] as string, ['--version']).error === undefined) ways[name] = command;
  else process.stderr.write(`SKIPPED: ${command[0]} is not installed\n`);
}

describe.each(Object.entries(ways))('SIGTERM %s', (_, prefix) => {
  test('workers go on serving through the drain delay, nothing is lost, their hooks come before the primary’s', async () => {
    const { app, url } = await start('', { drainDelayMs: 1_500 }, prefix);
    const before = slowRequests(app, url, 4);
    await until('the requests', () => count(app, 'begun') === 4);
    app.child.kill('SIGTERM');
    await app.saw(/shutting down: SIGTERM/);
    expect(await before).toEqual(whole);
    // New connections, of which each would find the port closed if a worker had taken the signal for its own.
    expect(await Promise.all(Array.from({ length: 4 }, () => ask(url)))).toEqual(whole);
    expect(await app.ended).toEqual({ code: 0, signal: null });
    expect(count(app, 'worker hook')).toBe(2);
    expect(app.stdout().trim().split('\n').at(-1)).toBe('primary hook');
    expect(app.stderr()).not.toMatch(/"level":[45]0/);
  });
});

const canUnshare = spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0;
if (!canUnshare) process.stderr.write('SKIPPED: no PID namespaces without root\n');

describe.skipIf(!canUnshare)('as PID 1, like in a pod', () => {
  const inNamespace = ['unshare', '-pf', '--mount-proc', '--kill-child'];
  /** The process that is PID 1 there, seen from here. */
  const first = (app: Running) => Number(spawnSync('pgrep', ['-P', `${app.pid}`], { encoding: 'utf8' }).stdout.trim());

  test.each([
    ['the primary', []],
    ['dumb-init', ['dumb-init']],
  ] as const)('%s', async (name, init) => {
    if (init.length > 0 && !('to the group, by dumb-init' in ways)) return;
    const { app, url } = await start('', { drainDelayMs: 500 }, [...inNamespace, ...init]);
    const before = slowRequests(app, url, 4);
    await until('the requests', () => count(app, 'begun') === 4);
    process.kill(first(app), 'SIGTERM');
    expect(await before).toEqual(whole);
    expect((await app.ended).code).toBe(0);
    expect(count(app, 'worker hook'), name).toBe(2);
  });
});

test('a primary whose lifecycle is younger than the workers’', async () => {
  const { app, url } = await start('primary late');
  const before = slowRequests(app, url, 4);
  await until('the requests', () => count(app, 'begun') === 4);
  app.child.kill('SIGTERM');
  expect(await before).toEqual(whole);
  expect(await app.ended).toEqual({ code: 0, signal: null });
});

test('a signal for one worker alone ends that one, in order', async () => {
  const { app, url, pids } = await start('');
  process.kill(pids[0], 'SIGTERM');
  await until('its hook', () => count(app, 'worker hook') === 1);
  expect(await ask(url)).toBe('whole');
  app.child.kill('SIGTERM');
  expect(await app.ended).toEqual({ code: 0, signal: null });
  expect(count(app, 'worker hook')).toBe(2);
});

test('a worker that dies meanwhile makes the exit code 1, and is named; the other one is waited for', async () => {
  const { app, pids } = await start('', { drainDelayMs: 1_000 });
  app.child.kill('SIGTERM');
  await app.saw(/shutting down/);
  process.kill(pids[0], 'SIGKILL');
  expect(await app.ended).toEqual({ code: 1, signal: null });
  expect(app.stderr()).toContain(`worker 1 (pid ${pids[0]}) ended with SIGKILL`);
  expect(count(app, 'worker hook')).toBe(1);
  expect(count(app, 'primary hook')).toBe(1);
});

test('a hook of a worker that fails makes the exit code of all 1', async () => {
  const { app } = await start('worker hook fails');
  app.child.kill('SIGTERM');
  expect(await app.ended).toEqual({ code: 1, signal: null });
  expect(app.stderr()).toContain('ended with 1');
});

test('workers that are forked during the shutdown do not keep it going', async () => {
  const { app } = await start('forks on');
  app.child.kill('SIGTERM');
  expect((await app.ended).code).toBe(0);
  expect(app.stderr()).toContain('fork only while !lifecycle.signal.aborted');
});

test('workers without a lifecycle are named and disconnected, and end their requests', async () => {
  const { app, url } = await start('worker without');
  const before = slowRequests(app, url, 4);
  await until('the requests', () => count(app, 'begun') === 4);
  app.child.kill('SIGTERM');
  expect(await before).toEqual(whole);
  expect((await app.ended).code).toBe(0);
  expect(app.stderr()).toContain('worker 1 has no createLifecycle');
});

test('under a primary that is not ours (as pm2’s) a worker hears its own signal', async () => {
  const { app, pids } = await start('no primary');
  for (const pid of pids) process.kill(pid, 'SIGTERM');
  await until('their hooks', () => count(app, 'worker hook') === 2);
  expect((await app.ended).code).toBe(0);
});
