import { Agent, request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createMeshFetch, type MeshFetchOptions } from '../../src/http/index.ts';
import { envoyMissing } from '../helpers/envoy.ts';
import { type FaultServer, type Script, startFaultServer } from '../helpers/fault-server.ts';
import { startTwoSidecars, type TwoSidecars } from '../helpers/two-sidecars.ts';
import { until } from '../helpers/until.ts';

describe.skipIf(envoyMissing())('through two real Envoys, the service’s own in front of it', () => {
  let mesh: TwoSidecars;
  let failures = 0;
  const servers: FaultServer[] = [];
  const dispatcher = new Agent();

  beforeAll(async () => {
    mesh = await startTwoSidecars();
    await until('its listeners', async () => {
      const reply = await request(mesh.url);
      return (
        (await reply.body.text()).includes('retried and the latest') && 'x-envoy-upstream-service-time' in reply.headers
      );
    });
  });
  afterAll(async () => {
    await dispatcher.destroy();
    await mesh.stop();
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  const client = (options: MeshFetchOptions) => {
    failures = 0;
    const logger = { debug: () => (failures += 1), info() {}, warn() {}, error() {} };
    return createMeshFetch({ dispatcher, backoffBaseMs: 10, logger, ...options });
  };
  const app = async (script: Script = () => ({ do: 'reply' })) => {
    const server = await startFaultServer(script, mesh.appPorts[0]);
    servers.push(server);
    return server;
  };

  test('a POST waits for an app that does not listen, and arrives once', async () => {
    const pending = client({ trustSidecar: 'istio-default-policy' })(mesh.url, { method: 'POST', body: 'order' });
    await until('more failed attempts than maxRetries allows', () => failures > 4);
    const server = await app();
    expect((await pending).status).toBe(200);
    expect(server.received.map(({ body }) => body.toString())).toEqual(['order']);
  });

  test.each(['strict', 'off'] as const)('level %s: it surfaces at once', async (trustSidecar) => {
    const reply = await client({ trustSidecar })(mesh.url, { method: 'POST', body: 'order' });
    expect([reply.status, failures]).toEqual([503, 0]);
  });

  test('a GET waits at the level strict', async () => {
    const pending = client({})(mesh.url);
    await until('a failed attempt', () => failures > 0);
    await app();
    expect((await pending).status).toBe(200);
  });

  test('a POST that the app has read and reset surfaces, and was there once', async () => {
    const server = await app(() => ({ do: 'reset' }));
    const reply = await client({ trustSidecar: 'istio-default-policy' })(mesh.url, { method: 'POST', body: 'order' });
    expect([reply.status, server.received.length]).toEqual([503, 1]);
  });

  const words =
    'upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure';
  test.each<[string, Record<string, string>]>([
    ['an app with a charset', { 'content-type': 'text/plain; charset=utf-8' }],
    ['Express', { 'content-type': 'text/plain', 'x-powered-by': 'Express' }],
    ['an app that calls itself something', { 'content-type': 'text/plain', etag: 'W/"1"' }],
  ])('what %s copies of another sidecar’s words is not believed', async (_, headers) => {
    const server = await app(() => ({ do: 'reply', status: 503, headers, body: words }));
    const reply = await client({ trustSidecar: 'istio-default-policy' })(mesh.url, { method: 'POST', body: 'order' });
    expect([reply.status, server.received.length]).toEqual([503, 1]);
  });

  test('what is passed on byte for byte is (which is why the level is a promise about the services, too)', async () => {
    const copy = { do: 'reply', status: 503, headers: { 'content-type': 'text/plain' }, body: words } as const;
    const server = await app((_, number) => (number === 1 ? copy : { do: 'reply' }));
    const reply = await client({ trustSidecar: 'istio-default-policy' })(mesh.url, { method: 'POST', body: 'order' });
    expect([reply.status, server.received.length]).toEqual([200, 2]);
  });
});
