import { describe, expect, it } from 'vitest';
import { waitBeforeApp } from '../../../shim/preload.ts';
import { createCancelSource } from '../../../src/mesh/ask/cancel.ts';
import { createMemoryHost } from '../../helpers/memory-host.ts';
import { serveSidecar } from '../../helpers/memory-network.ts';

const kubernetes = { KUBERNETES_SERVICE_HOST: '10.0.0.1', MESH_SHIM_LOG_FORMAT: 'text' };

function start(env: Record<string, string>, state?: string) {
  const host = createMemoryHost({ env: { MESH_SHIM_LOG_FORMAT: 'text', ...env } });
  if (state !== undefined) serveSidecar(host.transport, 'envoy', state);
  const source = createCancelSource();
  return { host, source, code: () => waitBeforeApp(host, source.signal) };
}

describe('the wait inside the app', () => {
  it('lets it start where the sidecar is ready, and says nothing that it has not waited for', async () => {
    const { host, code } = start({}, 'LIVE');
    expect(await code()).toBeUndefined();
    expect(host.stderr()).toBe('');
    expect(host.transport.open()).toBe(0);
  });

  it('says what it waits for, and that it was worth it', async () => {
    const { host, code } = start({}, 'INITIALIZING');
    const ended = code();
    await host.clock.advance(500);
    serveSidecar(host.transport, 'envoy');
    await host.clock.advance(100);
    expect(await ended).toBeUndefined();
    expect(host.stderr()).toMatch(
      /^mesh-shim: waiting for sidecar: the sidecar is INITIALIZING\nmesh-shim: sidecar ready after \d+ ms: LIVE, workers started\n$/,
    );
  });

  it('says at the level of debug what the shim would say', async () => {
    const env = {
      MESH_SHIM_LOG_LEVEL: 'debug',
      ENVOY_ADMIN_API: 'http://127.0.0.1:15000',
      MESH_SHIM_QUIT: 'always',
    };
    const { host, code } = start(env, 'LIVE');
    expect(await code()).toBeUndefined();
    expect(host.stderr().split('\n')).toEqual([
      expect.stringMatching(/^mesh-shim: debug: ENVOY_ADMIN_API=.* is read as /),
      'mesh-shim: debug: the preload waits only: the shim or createLifecycle ends the sidecar',
      'mesh-shim: debug: sidecar is ready: LIVE, workers started',
      'mesh-shim: debug: sidecar ready after 0 ms: LIVE, workers started',
      '',
    ]);
    expect(host.transport.requests.some((request) => request.includes('POST'))).toBe(false);
  });

  it.each([
    [{}, 69],
    [{ MESH_SHIM_ON_TIMEOUT: 'start' }, undefined],
    [{ MESH_SHIM_MODE: 'optional' }, undefined],
  ])('%j that runs out: %s', async (env, expected) => {
    const { host, code } = start({ ...kubernetes, MESH_SHIM_TIMEOUT: '1s', ...env }, 'INITIALIZING');
    const ended = code();
    await host.clock.advance(1_000);
    expect(await ended).toBe(expected);
  });

  it('ends early when it is cancelled', async () => {
    const { host, source, code } = start(kubernetes, 'INITIALIZING');
    const ended = code();
    await host.clock.advance(50);
    source.cancel();
    await host.clock.advance(0);
    expect(await ended).toBeUndefined();
    expect(host.clock.pending()).toBe(0);
  });

  it('does nothing where it is switched off', async () => {
    const { host, code } = start({ MESH_SHIM_DISABLED: 'a laptop', MESH_SHIM_LOG_LEVEL: 'debug' });
    expect(await code()).toBeUndefined();
    expect(host.transport.requests).toEqual([]);
    expect(host.stderr()).toBe('mesh-shim: debug: switched off: a laptop\n');
  });

  it('refuses a wrong variable with 64', async () => {
    const { host, code } = start({ MESH_SHIM_TIMOUT: '1s' });
    expect(await code()).toBe(64);
    expect(host.stderr()).toContain('unknown variable MESH_SHIM_TIMOUT; did you mean MESH_SHIM_TIMEOUT?');
  });
});
