import { describe, expect, test } from 'vitest';
import { ownBuilds } from '../../helpers/builds.ts';
import { longServerMissing } from '../../helpers/long-servers.ts';
import {
  allowList,
  appThatEnds,
  daprdPorts,
  isReady,
  type SidecarPorts,
  startDaprd,
} from '../../helpers/real-sidecars.ts';
import { type Running, type RunOptions, runShim } from '../../helpers/run-shim.ts';

const text = ['--log-format', 'text'];

const daprReady = (port: number): string => `http://127.0.0.1:${port}/v1.0/healthz/outbound`;
const daprEnv = ({ ready }: SidecarPorts, token?: string): RunOptions => ({
  env: { DAPR_HTTP_PORT: String(ready), ...(token === undefined ? {} : { DAPR_API_TOKEN: token }) },
});

describe.skipIf(longServerMissing('daprd')).each(ownBuilds)('daprd: $name', (build) => {
  const flags = ['--mesh', 'dapr', ...text];

  test('that comes after the shim is waited for, and ends with the app', async () => {
    const ports = await daprdPorts();
    const shim = runShim(build, [...flags, '--quit', 'always', ...appThatEnds(0)], daprEnv(ports));
    await shim.saw(/waiting for Dapr sidecar: .*ECONNREFUSED/);
    expect(shim.stdout()).toBe('');
    const daprd = await startDaprd(ports);
    expect(await shim.ended).toEqual({ code: 0, signal: null });
    expect(shim.stdout()).toBe('the app runs\n');
    expect(shim.stderr()).toMatch(/Dapr sidecar ready after .*: .*outbound says 204/);
    expect(shim.stderr()).toContain(`told the sidecar to quit: http://localhost:${ports.quit}/v1.0/shutdown says 204`);
    expect(await daprd.ended).toEqual({ code: 0, signal: null });
  });

  test('that waits for the app itself, and finds neither placement nor scheduler, is ready', async () => {
    const ports = await daprdPorts();
    const nowhere = '127.0.0.1:1';
    const daprd = await startDaprd(ports, {
      flags: ['--app-port', '1', '--placement-host-address', nowhere, '--scheduler-host-address', nowhere],
    });
    await isReady(daprReady(ports.ready));
    const shim = runShim(build, [...flags, '--quit', 'on-success', ...appThatEnds(3)], daprEnv(ports));
    expect(await shim.ended).toEqual({ code: 3, signal: null });
    expect(shim.stdout()).toBe('the app runs\n');
    expect(shim.stderr()).not.toContain('quit');
    const quit = runShim(build, ['quit', ...flags], daprEnv(ports));
    expect(await quit.ended).toEqual({ code: 0, signal: null });
    await daprd.ended;
  });

  test.each([
    ['none', undefined],
    ['another one', 'wrong'],
  ])('wants its token, and the app has %s: it stays, and the advice helps', async (_, wrong) => {
    const ports = await daprdPorts();
    const daprd = await startDaprd(ports, { token: 's3cret' });
    const shim = runShim(build, [...flags, '--quit', 'always', ...appThatEnds(7)], daprEnv(ports, wrong));
    expect(await shim.ended).toEqual({ code: 7, signal: null });
    expect(shim.stderr()).toContain('stays: ');
    expect(shim.stderr()).toContain('/v1.0/shutdown says 401');
    expect(shim.stderr()).toContain('set DAPR_API_TOKEN in the app');
    expect(daprd.child.exitCode).toBeNull();
    const told = runShim(build, [...flags, '--quit', 'always', ...appThatEnds(7)], daprEnv(ports, 's3cret'));
    expect(await told.ended).toEqual({ code: 7, signal: null });
    expect(await daprd.ended).toEqual({ code: 0, signal: null });
    expect(told.stderr()).not.toContain('s3cret');
  });

  test('gets its token at an address of its own as well', async () => {
    const ports = await daprdPorts();
    const daprd = await startDaprd(ports, { token: 's3cret' });
    const urls = [
      ...['--ready-url', daprReady(ports.ready)],
      ...['--quit-url', `dapr=http://127.0.0.1:${ports.quit}/v1.0/shutdown`],
    ];
    const shim = runShim(build, [...flags, ...urls, '--quit', 'always', ...appThatEnds(0)], {
      env: { DAPR_API_TOKEN: 's3cret' },
    });
    expect(await shim.ended).toEqual({ code: 0, signal: null });
    expect(await daprd.ended).toEqual({ code: 0, signal: null });
  });

  test('whose allow list leaves the shutdown out stays, and the advice names the list', async () => {
    const ports = await daprdPorts();
    const daprd = await startDaprd(ports, allowList(['state']));
    const shim = runShim(build, [...flags, '--quit', 'always', ...appThatEnds(0)], daprEnv(ports));
    expect(await shim.ended).toEqual({ code: 0, signal: null });
    expect(shim.stderr()).toContain('/v1.0/shutdown says 404');
    expect(shim.stderr()).toContain('spec.api.allowed');
    expect(daprd.child.exitCode).toBeNull();
    await end(daprd);
    const open = await startDaprd(ports, allowList(['state', 'shutdown']));
    const told = runShim(build, [...flags, '--quit', 'always', ...appThatEnds(0)], daprEnv(ports));
    expect(await told.ended).toEqual({ code: 0, signal: null });
    expect(await open.ended).toEqual({ code: 0, signal: null });
  });

  test('is recognised by auto where the variable of the injector says', async () => {
    const ports = await daprdPorts();
    await startDaprd(ports);
    await isReady(daprReady(ports.ready));
    const shim = runShim(
      build,
      ['--mode', 'required', '--timeout', '300ms', ...text, ...appThatEnds(0)],
      daprEnv(ports),
    );
    expect(await shim.ended).toEqual({ code: 69, signal: null });
    expect(shim.stderr()).toContain('this looks like Dapr: --mesh dapr waits for that');
  });

  test('status', async () => {
    const ports = await daprdPorts();
    const before = runShim(build, ['status', '--mesh', 'dapr'], daprEnv(ports));
    expect(await before.ended).toEqual({ code: 1, signal: null });
    expect(before.stdout()).toContain(`nothing listens on http://localhost:${ports.ready}`);
    await startDaprd(ports);
    await isReady(daprReady(ports.ready));
    const after = runShim(build, ['status', '--mesh', 'dapr'], daprEnv(ports));
    expect(await after.ended).toEqual({ code: 0, signal: null });
    expect(after.stdout()).toMatch(/ready: .*outbound says 204/);
    const unnamed = runShim(build, ['status'], daprEnv(ports));
    expect(await unnamed.ended).toEqual({ code: 1, signal: null });
    expect(unnamed.stdout()).toContain('this looks like Dapr: --mesh dapr asks that');
  });
});

async function end(program: Running): Promise<void> {
  program.child.kill('SIGTERM');
  await program.ended;
}
