import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { nodesWith } from '../../helpers/nodes.ts';
import { type Running, runCommand } from '../../helpers/run-shim.ts';
import { until } from '../../helpers/until.ts';

const path = (file: string) => fileURLToPath(new URL(`../../../${file}`, import.meta.url));
const preload = path('dist/lifecycle-register.mjs');
const app = path('test/fixtures/lifecycle/unchanged-app.mjs');

const ask = (url: string) =>
  fetch(url, { headers: { connection: 'close' } }).then(
    (response) => response.text(),
    (error) => `lost: ${error.cause?.code}`,
  );

describe.each(nodesWith(22))('an app that nobody can change, on Node $version', ({ path: node }) => {
  function start(kind: string, env: Record<string, string> = {}, prefix: readonly string[] = [], file = app) {
    return runCommand([node, '--import', preload, file, kind], { env, prefix });
  }
  async function endWithRequests(run: Running, pid = run.pid) {
    const [, port] = await run.saw(/"port":(\d+)/);
    const url = `http://127.0.0.1:${port}`;
    const slow = ask(`${url}/slow`);
    await run.saw(/begun/);
    process.kill(pid, 'SIGTERM');
    await run.saw(/shutting down: SIGTERM/);
    return [await ask(url), await slow];
  }
  // Long enough for a request that is sent meanwhile, also on a machine that is busy.
  const drains = { MESH_LIFECYCLE_DRAIN_DELAY: '3s' };

  test('goes on serving through the drain delay, ends its requests, and exits with 0', async () => {
    const run = start('', drains);
    expect(await endWithRequests(run)).toEqual(['whole', 'whole']);
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });

  test('has its own end called when its requests are served', async () => {
    const run = start('with its own end', drains);
    expect(await endWithRequests(run)).toEqual(['whole', 'whole']);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout().trim().split('\n').slice(1)).toEqual(['begun', 'served', 'own end']);
  });

  test('by NODE_OPTIONS, as in a pod', async () => {
    const run = runCommand([node, app], { env: { ...drains, NODE_OPTIONS: `--import=${preload}` } });
    expect(await endWithRequests(run)).toEqual(['whole', 'whole']);
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });

  test.each(['', ', late'])('that has a lifecycle of its own%s keeps that one', async (when) => {
    const run = start(`with a lifecycle of its own${when}`, { MESH_LIFECYCLE_DRAIN_DELAY: '20s' });
    const [, port] = await run.saw(/"port":(\d+)/);
    const slow = ask(`http://127.0.0.1:${port}/slow`);
    await run.saw(/begun/);
    run.child.kill('SIGTERM');
    expect(await slow).toBe('whole');
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toContain('own hook');
    expect(run.stderr()).not.toContain('more than once');
  });

  test('that does not listen ends as it always has', async () => {
    const run = start('that never listens');
    await run.saw(/\{\}/);
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual({ code: null, signal: 'SIGTERM' });
    expect(run.stderr()).toBe('');
  });

  const canUnshare = spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0;
  test.skipIf(!canUnshare)('as PID 1 it hears SIGTERM before it listens', async () => {
    const run = start('that never listens', {}, ['unshare', '-pf', '--mount-proc', '--kill-child']);
    await run.saw(/\{\}/);
    const first = Number(spawnSync('pgrep', ['-P', `${run.pid}`], { encoding: 'utf8' }).stdout.trim());
    process.kill(first, 'SIGTERM');
    expect((await run.ended).code).toBe(143);
  });

  test.each([
    [
      'MESH_LIFECYCLE_GRACE',
      '30',
      /^mesh-shim: MESH_LIFECYCLE_GRACE: bad value "30": expected a duration with its unit.*\n$/,
    ],
    [
      'MESH_LIFECYCLE_GRACES',
      '30s',
      /^mesh-shim: unknown variable MESH_LIFECYCLE_GRACES; did you mean MESH_LIFECYCLE_GRACE\?.*\n$/,
    ],
    [
      'MESH_LIFECYCLE_GRACE',
      '1s',
      /^mesh-shim: MESH_LIFECYCLE_GRACE must be more than MESH_LIFECYCLE_PRE_STOP \(0\), .*got 1000.*\n$/,
    ],
  ])('%s=%s: 64 and one line', async (name, value, line) => {
    const run = start('', { [name]: value });
    expect(await run.ended).toEqual({ code: 64, signal: null });
    expect(run.stdout()).toBe('');
    expect(run.stderr()).toMatch(line);
  });

  test('of a cluster: the primary tells its workers, with nothing of ours in the app', async () => {
    const run = start('', drains, [], path('test/fixtures/lifecycle/unchanged-cluster.mjs'));
    const [, port] = await run.saw(/"port":(\d+)/);
    const slow = ask(`http://127.0.0.1:${port}/slow`);
    await run.saw(/begun/);
    run.child.kill('SIGTERM');
    await until('the shutdown of all three', () => run.stderr().split('shutting down').length === 4);
    expect(await ask(`http://127.0.0.1:${port}`)).toBe('whole');
    expect(await slow).toBe('whole');
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });
});
