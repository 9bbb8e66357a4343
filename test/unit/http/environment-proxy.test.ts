import process from 'node:process';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isInside, nodeUsesEnvironmentProxy } from '../../../src/http/environment-proxy.ts';

describe('inside, where no proxy is asked', () => {
  test.each([
    ['localhost'],
    ['LOCALHOST.'],
    ['app.localhost'],
    ['127.0.0.1'],
    ['127.9.9.9'],
    ['[::1]'],
    ['[::ffff:127.0.0.1]'],
    ['orders'],
    ['orders.'],
    ['orders.shop.svc'],
    ['orders.shop.svc.cluster.local'],
    ['orders.shop.svc.example.com'],
    ['orders-0.orders.shop.svc.cluster.local'],
    ['printer.local'],
    ['metadata.google.internal'],
    ['10.1.2.3'],
    ['172.16.0.1'],
    ['172.31.255.255'],
    ['192.168.0.1'],
    ['169.254.169.254'],
    ['100.64.1.1'],
    ['240.0.0.1'],
    ['[fd00::1]'],
    ['[fe80::1]'],
  ])('%s', (hostname) => {
    expect(isInside(hostname)).toBe(true);
  });
});

describe('outside', () => {
  test.each([
    ['example.com'],
    ['orders.shop'],
    ['svc.example.com'],
    ['api.svc.com'],
    ['localhost.example.com'],
    ['8.8.8.8'],
    ['172.32.0.1'],
    ['11.0.0.1'],
    ['100.128.0.1'],
    ['[2001:4860:4860::8888]'],
  ])('%s', (hostname) => {
    expect(isInside(hostname)).toBe(false);
  });
});

describe('whether Node was told to take the proxy', () => {
  const { execArgv } = process;
  afterEach(() => {
    process.execArgv = execArgv;
    vi.unstubAllEnvs();
  });
  test.each([
    [{}, [], false],
    [{ NODE_USE_ENV_PROXY: '1' }, [], true],
    [{ NODE_USE_ENV_PROXY: '0' }, [], false],
    [{ NODE_OPTIONS: '--no-warnings --use-env-proxy' }, [], true],
    [{ NODE_OPTIONS: '--no-warnings' }, [], false],
    [{}, ['--use-env-proxy'], true],
  ])('%j %j: %s', (env, words, told) => {
    for (const name of ['NODE_USE_ENV_PROXY', 'NODE_OPTIONS']) vi.stubEnv(name, undefined);
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    process.execArgv = words;
    expect(nodeUsesEnvironmentProxy()).toBe(told);
  });
});
