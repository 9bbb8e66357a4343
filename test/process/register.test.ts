import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeBuild } from '../helpers/builds.ts';
import { freePort } from '../helpers/free-port.ts';
import { nodesWith } from '../helpers/nodes.ts';
import { runCommand } from '../helpers/run-shim.ts';
import { type StandInSidecar, startStandInSidecar } from '../helpers/stand-in-sidecar.ts';
import { until } from '../helpers/until.ts';

const built = fileURLToPath(new URL('../../dist/register.mjs', import.meta.url));

/** Apps that say when their first line runs. Each is written where nothing can be imported from. */
const apps = {
  'app.cjs': "console.log('started', require('node:path').basename(__filename));",
  'app.mjs': "console.log('started', import.meta.url.split('/').pop());",
  'children.cjs': `
    const { execFileSync, fork } = require('node:child_process');
    console.log('started');
    process.stdin.once('data', () => {
      console.log(execFileSync(process.execPath, ['-p', '"child"'], { encoding: 'utf8' }).trim());
      fork(__filename.replace('children', 'app')).on('exit', (code) => { console.log('forked', code); process.stdin.destroy(); });
    });`,
  'threads.cjs': `
    const { Worker } = require('node:worker_threads');
    console.log('started');
    process.stdin.once('data', () => {
      const { _MESH_SHIM_WAITED, ...env } = process.env;
      new Worker(__filename.replace('threads', 'thread'), { env }).on('message', (text) => {
        console.log(text);
        process.stdin.destroy();
      });
    });`,
  'thread.cjs': "require('node:worker_threads').parentPort.postMessage('thread');",
  'handles.cjs': `
    console.log(JSON.stringify({
      resources: process.getActiveResourcesInfo().filter((kind) => /Timeout|Socket|Signal/.test(kind)),
      listeners: ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'].map((name) => process.listenerCount(name)),
      stderr: Object.getOwnPropertyDescriptor(process, 'stderr').get !== undefined,
    }));`,
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-shim-register-'));
  copyFileSync(built, join(folder, 'register.mjs'));
  for (const [name, text] of Object.entries(apps)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(nodesWith(20))('the preload on Node $version', ({ path }) => {
  const preload = () => join(folder, 'register.mjs');
  const settings = (sidecar: StandInSidecar, env: Record<string, string> = {}) => ({
    NODE_OPTIONS: `--import=${preload()}`,
    MESH_SHIM_ADMIN_URL: sidecar.url,
    ...env,
  });
  const start = (app: keyof typeof apps, env: Record<string, string>) => runCommand([path, join(folder, app)], { env });

  test.each(['app.cjs', 'app.mjs'] as const)(
    'holds back the first line of %s until the sidecar is ready',
    async (app) => {
      const sidecar = await startStandInSidecar();
      sidecar.state = 'INITIALIZING';
      const run = start(app, settings(sidecar));
      await run.saw(/waiting for sidecar: .*INITIALIZING/);
      const before = sidecar.requests.length;
      await until('more questions', () => sidecar.requests.length > before + 5);
      expect(run.stdout()).toBe('');
      sidecar.state = 'LIVE';
      expect(await run.ended).toEqual({ code: 0, signal: null });
      expect(run.stdout()).toBe(`started ${app}\n`);
      expect(run.stderr()).toContain('sidecar ready after');
    },
  );

  test('by the flag, before a program on the command line', async () => {
    const sidecar = await startStandInSidecar();
    const { NODE_OPTIONS: _, ...env } = settings(sidecar);
    const run = runCommand([path, '--import', preload(), '-p', '"started"'], { env });
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toBe('started\n');
    expect(sidecar.requests.length).toBeGreaterThan(0);
  });

  test('a ready sidecar, as an exec probe meets it: few questions, not a word', async () => {
    const sidecar = await startStandInSidecar();
    const run = start('app.cjs', settings(sidecar));
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect([run.stdout(), run.stderr()]).toEqual(['started app.cjs\n', '']);
    expect(sidecar.requests.length).toBeLessThanOrEqual(4);
  });

  test('nobody listens, outside Kubernetes: the app starts, not a word', async () => {
    const sidecar = await startStandInSidecar();
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const env = settings(sidecar, { MESH_SHIM_ADMIN_URL: nowhere, MESH_SHIM_READY_URL: nowhere });
    const run = start('app.cjs', env);
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect([run.stdout(), run.stderr()]).toEqual(['started app.cjs\n', '']);
  });

  test('leaves no timer, socket or listener, and process.stderr to the app', async () => {
    const sidecar = await startStandInSidecar();
    const run = start('handles.cjs', settings(sidecar));
    const bare = start('handles.cjs', {});
    await Promise.all([run.ended, bare.ended]);
    expect(run.stdout()).not.toBe('');
    expect(run.stdout()).toBe(bare.stdout());
  });

  test.each([
    ['children.cjs', 'started\nchild\nstarted app.cjs\nforked 0\n'],
    ['threads.cjs', 'started\nthread\n'],
  ] as const)('%s of an app that has waited do not wait again, though the sidecar has gone', async (app, stdout) => {
    const sidecar = await startStandInSidecar();
    const run = start(app, settings(sidecar, { MESH_SHIM_MODE: 'required' }));
    await run.saw(/started/);
    sidecar.state = 'DRAINING';
    const asked = sidecar.requests.length;
    run.child.stdin?.write('go\n');
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stdout()).toBe(stdout);
    expect(run.stderr()).toBe('');
    expect(sidecar.requests.length).toBe(asked);
  });

  test('time-out: 69, the reason and what to do', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const run = start('app.cjs', settings(sidecar, { MESH_SHIM_TIMEOUT: '150ms', MESH_SHIM_LOG_FORMAT: 'text' }));
    expect(await run.ended).toEqual({ code: 69, signal: null });
    expect(run.stdout()).toBe('');
    expect(run.stderr()).toMatch(/^mesh-shim: error: sidecar not ready in time: .*control plane\?.*\n$/m);
  });

  test('time-out, quiet: one line on stderr', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const run = start('app.cjs', settings(sidecar, { MESH_SHIM_TIMEOUT: '150ms', MESH_SHIM_LOG_LEVEL: 'error' }));
    expect(await run.ended).toEqual({ code: 69, signal: null });
    expect(run.stderr().trim().split('\n')).toHaveLength(1);
  });

  test.each([{ MESH_SHIM_ON_TIMEOUT: 'start' }, { MESH_SHIM_MODE: 'optional' }])(
    'time-out with %o: the app starts',
    async (env) => {
      const sidecar = await startStandInSidecar();
      sidecar.state = 'INITIALIZING';
      const run = start('app.cjs', settings(sidecar, { MESH_SHIM_TIMEOUT: '150ms', ...env }));
      expect(await run.ended).toEqual({ code: 0, signal: null });
      expect(run.stdout()).toBe('started app.cjs\n');
    },
  );

  test.each([
    ['MESH_SHIM_TIMEOUT', '60', /^mesh-shim: MESH_SHIM_TIMEOUT: bad value "60": expected a duration.*\n$/],
    ['MESH_SHIM_TIMOUT', '60s', /^mesh-shim: unknown variable MESH_SHIM_TIMOUT; did you mean MESH_SHIM_TIMEOUT\?.*\n$/],
    ['MESH_SHIM_DISABLED', 'false', /^mesh-shim: MESH_SHIM_DISABLED=false: .*\n$/],
  ])('%s=%s: 64 and one line', async (variable, value, line) => {
    const sidecar = await startStandInSidecar();
    const run = start('app.cjs', settings(sidecar, { [variable]: value }));
    expect(await run.ended).toEqual({ code: 64, signal: null });
    expect(run.stdout()).toBe('');
    expect(run.stderr()).toMatch(line);
    expect(sidecar.requests).toEqual([]);
  });

  test('MESH_SHIM_DISABLED: nobody is asked', async () => {
    const sidecar = await startStandInSidecar();
    const run = start('app.cjs', settings(sidecar, { MESH_SHIM_DISABLED: 'no mesh here' }));
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(sidecar.requests).toEqual([]);
  });

  test('SIGTERM during the wait: 143, and the app has not started', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const run = start('app.cjs', settings(sidecar));
    await run.saw(/waiting for sidecar/);
    run.child.kill('SIGTERM');
    expect(await run.ended).toEqual({ code: 143, signal: null });
    expect(run.stdout()).toBe('');
  });

  test('the shim under the same NODE_OPTIONS waits once, and its small commands not at all', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const shim = [path, ...nodeBuild.command.slice(1)];
    const status = runCommand([...shim, 'status'], { env: settings(sidecar) });
    expect((await status.ended).code).toBe(1);
    const run = runCommand([...shim, '--', path, join(folder, 'app.cjs')], { env: settings(sidecar) });
    await run.saw(/waiting for sidecar/);
    sidecar.state = 'LIVE';
    expect(await run.ended).toEqual({ code: 0, signal: null });
    expect(run.stderr().match(/sidecar ready after/g)).toHaveLength(1);
  });
});
