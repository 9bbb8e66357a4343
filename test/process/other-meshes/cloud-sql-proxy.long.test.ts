import { describe, expect, test } from 'vitest';
import { ownBuilds } from '../../helpers/builds.ts';
import { longServerMissing } from '../../helpers/long-servers.ts';
import {
  appThatEnds,
  cloudSqlProxyPorts,
  isReady,
  type SidecarPorts,
  startCloudSqlProxy,
} from '../../helpers/real-sidecars.ts';
import { runShim } from '../../helpers/run-shim.ts';

const text = ['--log-format', 'text'];

describe.skipIf(longServerMissing('cloud-sql-proxy')).each(ownBuilds)('Cloud SQL Auth Proxy: $name', (build) => {
  const readyUrl = ({ ready }: SidecarPorts): string => `http://127.0.0.1:${ready}/startup`;
  const quitUrl = ({ quit }: SidecarPorts): string => `http://127.0.0.1:${quit}/quitquitquit`;
  const urls = (ports: SidecarPorts): string[] => [
    ...['--mesh', 'cloud-sql-proxy', ...text, '--ready-url', readyUrl(ports)],
    ...['--quit', 'always', '--quit-url', `cloud-sql-proxy=${quitUrl(ports)}`, '--quit-timeout', '300ms'],
  ];

  test('that comes after the shim is waited for, and ends with the app', async () => {
    const ports = await cloudSqlProxyPorts();
    const shim = runShim(build, [...urls(ports), ...appThatEnds(0)]);
    await shim.saw(/waiting for Cloud SQL Auth Proxy sidecar: .*ECONNREFUSED/);
    expect(shim.stdout()).toBe('');
    const proxy = await startCloudSqlProxy(ports);
    expect(await shim.ended).toEqual({ code: 0, signal: null });
    expect(shim.stdout()).toBe('the app runs\n');
    expect(shim.stderr()).toMatch(/Cloud SQL Auth Proxy sidecar ready after .*: .*startup says 200/);
    expect(shim.stderr()).toContain(`told the sidecar to quit: ${quitUrl(ports)} says 200`);
    expect(await proxy.ended).toEqual({ code: 0, signal: null });
  });

  test('that is there before, and an app that fails', async () => {
    const ports = await cloudSqlProxyPorts();
    const proxy = await startCloudSqlProxy(ports);
    await isReady(readyUrl(ports));
    const shim = runShim(build, [...urls(ports), ...appThatEnds(3)]);
    expect(await shim.ended).toEqual({ code: 3, signal: null });
    expect(shim.stdout()).toBe('the app runs\n');
    expect(await proxy.ended).toEqual({ code: 0, signal: null });
  });

  test.each([
    ['without --quitquitquit', ['--health-check'], /ECONNREFUSED.*start the proxy with --quitquitquit \(its port/],
    ['with --debug alone', ['--health-check', '--debug'], /says 404.*start the proxy with --quitquitquit/],
  ])('%s it stays, and the advice helps', async (_, flags, said) => {
    const ports = await cloudSqlProxyPorts();
    const proxy = await startCloudSqlProxy(ports, flags);
    const shim = runShim(build, [...urls(ports), ...appThatEnds(0)]);
    expect(await shim.ended).toEqual({ code: 0, signal: null });
    expect(shim.stderr()).toMatch(said);
    expect(proxy.child.exitCode).toBeNull();
  });

  test.each([
    ['without --health-check', ['--quitquitquit'], 'ECONNREFUSED'],
    ['with --prometheus alone', ['--quitquitquit', '--prometheus'], 'says 404'],
  ])('%s it is never ready, and the advice helps', async (_, flags, said) => {
    const ports = await cloudSqlProxyPorts();
    const proxy = await startCloudSqlProxy(ports, flags);
    await proxy.saw(/ready for new connections/);
    const shim = runShim(build, [...urls(ports), '--timeout', '500ms', ...appThatEnds(0)]);
    expect(await shim.ended).toEqual({ code: 69, signal: null });
    expect(shim.stderr()).toContain(said);
    expect(shim.stderr()).toContain('does the proxy run with --health-check?');
  });

  test('status', async () => {
    const ports = await cloudSqlProxyPorts();
    const flags = ['status', '--mesh', 'cloud-sql-proxy', '--ready-url', readyUrl(ports)];
    const before = runShim(build, flags);
    expect(await before.ended).toEqual({ code: 1, signal: null });
    expect(before.stdout()).toContain(`nothing listens on http://127.0.0.1:${ports.ready}`);
    await startCloudSqlProxy(ports);
    await isReady(readyUrl(ports));
    const after = runShim(build, flags);
    expect(await after.ended).toEqual({ code: 0, signal: null });
    expect(after.stdout()).toMatch(/ready: .*startup says 200/);
  });
});
