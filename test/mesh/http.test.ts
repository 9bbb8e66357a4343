import { request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createMeshAgent, type MeshAgent, type MeshAgentOptions } from '../../src/http/index.ts';
import { envoyMissing } from '../helpers/envoy.ts';
import { type FaultServer, type Script, startFaultServer } from '../helpers/fault-server.ts';
import { type HttpMesh, type RoutePolicy, startHttpMesh } from '../helpers/http-mesh.ts';
import { until } from '../helpers/until.ts';

describe.skipIf(envoyMissing())('through a real Envoy', () => {
  let mesh: HttpMesh;
  let failures = 0;
  const servers: FaultServer[] = [];
  const agents: MeshAgent[] = [];

  beforeAll(async () => {
    mesh = await startHttpMesh();
    await until('its listeners', async () => (await request(mesh.url('istio'))).statusCode === 503);
  });
  afterAll(() => mesh.stop());
  afterEach(async () => {
    for (const agent of agents.splice(0)) await agent.destroy();
    for (const server of servers.splice(0)) await server.close();
  });

  function agent(options: MeshAgentOptions = {}): MeshAgent {
    failures = 0;
    const logger = { debug: () => (failures += 1), info() {}, warn() {}, error() {} };
    const made = createMeshAgent({ backoffBaseMs: 10, logger, ...options });
    agents.push(made);
    return made;
  }

  async function app(script: Script = () => ({ do: 'reply' })): Promise<FaultServer> {
    const server = await startFaultServer(script, mesh.appPort);
    servers.push(server);
    return server;
  }

  /** The first request is read whole and reset, and nobody listens any more. */
  async function appThatGoesAfterOne(): Promise<FaultServer> {
    const server: FaultServer = await startFaultServer(() => {
      void server.close();
      return { do: 'reset' };
    }, mesh.appPort);
    return server;
  }

  const post = (url: string, dispatcher: MeshAgent, body: string | Buffer = 'order') =>
    request(url, { method: 'POST', body, dispatcher });

  describe('an upstream that is not there yet', () => {
    test.each([
      ['none', 'strict'],
      ['none', 'istio-default-policy'],
      ['istio', 'istio-default-policy'],
    ] as const)('policy %s, level %s: a POST waits for it and arrives once', async (policy, trustSidecar) => {
      const pending = post(mesh.url(policy), agent({ trustSidecar }));
      await until('a failed attempt', () => failures > 1);
      const server = await app();
      expect((await pending).statusCode).toBe(200);
      expect(server.received.map(({ body }) => body.toString())).toEqual(['order']);
    });

    test.each(['istio', 'custom'] as const)('policy %s, level strict: a POST surfaces at once', async (policy) => {
      const reply = await post(mesh.url(policy), agent());
      expect(reply.statusCode).toBe(503);
      expect(await reply.body.text()).toContain('retried and the latest reset reason: remote connection failure');
    });

    test.each(['istio', 'none', 'custom'] as const)('policy %s: a GET waits for it at every level', async (policy) => {
      for (const trustSidecar of ['strict', 'istio-default-policy', 'off'] as const) {
        const pending = request(mesh.url(policy), { dispatcher: agent({ trustSidecar }) });
        await until('a failed attempt', () => failures > 0);
        const server = await app();
        expect((await pending).statusCode).toBe(200);
        await server.close();
      }
    });
  });

  describe('a POST that was read and then reset', () => {
    // With 5xx,reset Envoy itself delivers it three times; this client must not add to that.
    const deliveries: Record<RoutePolicy, number> = { istio: 1, none: 1, custom: 3 };
    test.each(['istio', 'none', 'custom'] as const)('policy %s: is not repeated at any level', async (policy) => {
      for (const trustSidecar of ['strict', 'istio-default-policy', 'off'] as const) {
        const server = await app(() => ({ do: 'reset' }));
        const reply = await post(mesh.url(policy), agent({ trustSidecar }));
        expect(reply.statusCode).toBe(503);
        expect(await reply.body.text()).toContain('connection termination');
        expect(server.received).toHaveLength(deliveries[policy]);
        await server.close();
      }
    });
  });

  describe('a UF after a try that was delivered', () => {
    test('under 5xx,reset: strict does not repeat it', async () => {
      const server = await appThatGoesAfterOne();
      const reply = await post(mesh.url('custom'), agent());
      expect(await reply.body.text()).toContain('remote connection failure');
      expect(server.received).toHaveLength(1);
    });

    test('under 5xx,reset: istio-default-policy would (which is why it is a promise about the mesh)', async () => {
      const first = await appThatGoesAfterOne();
      const pending = post(mesh.url('custom'), agent({ trustSidecar: 'istio-default-policy' }));
      await until('the client to repeat', () => failures > 0);
      const second = await app();
      expect((await pending).statusCode).toBe(200);
      expect(first.received.length + second.received.length).toBe(2);
    });

    test.each(['istio', 'none'] as const)('under %s there is none: the reset surfaces', async (policy) => {
      const server = await appThatGoesAfterOne();
      const reply = await post(mesh.url(policy), agent({ trustSidecar: 'istio-default-policy' }));
      expect(await reply.body.text()).toContain('connection termination');
      expect(server.received).toHaveLength(1);
    });

    test('a UH too can follow a delivered try, and says nothing of it: strict does not repeat it', async () => {
      const server = await app(() => ({ do: 'reset' }));
      // Without a body: with one, Envoy answers before it has read it, and that reply proves nothing anyway.
      const reply = await post(mesh.ejectingUrl, agent(), '');
      expect(await reply.body.text()).toBe('no healthy upstream');
      expect(server.received.length).toBeGreaterThan(0);
      expect(failures).toBe(0);
    });
  });

  describe('an early reply to an upload of 16 MB', () => {
    const body = Buffer.alloc(16 * 1024 * 1024, 'x');
    const text = 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure';
    test.each(['istio', 'none'] as const)('policy %s: the upload is not repeated', async (policy) => {
      for (const trustSidecar of ['strict', 'istio-default-policy'] as const) {
        const server = await app(() => ({ do: 'early reply', status: 503, body: text }));
        // The connection may break before the reply is read: then the error surfaces, and that is as good.
        await post(mesh.url(policy), agent({ trustSidecar }), body).then(
          (reply) => reply.body.dump(),
          () => {},
        );
        expect(server.received).toHaveLength(1);
        await server.close();
      }
    });
  });

  test('a POST that meets a closing keep-alive connection is never there twice', async () => {
    const server = await app((_, number) => (number % 3 === 0 ? { do: 'close' } : { do: 'reply' }));
    const dispatcher = agent({ trustSidecar: 'istio-default-policy' });
    const total = 60;
    for (let i = 0; i < total; i += 1)
      await post(mesh.url('istio'), dispatcher, `order ${i}`).then((r) => r.body.dump());
    const orders = server.received.map(({ body }) => body.toString());
    expect(new Set(orders).size).toBe(orders.length);
    expect(orders.length).toBe(total);
  });
});
