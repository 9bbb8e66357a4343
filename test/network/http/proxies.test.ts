import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { ProxyAgent, request } from 'undici';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMeshAgent, createMeshFetch, type MeshAgentOptions } from '../../../src/http/index.ts';
import { type EgressProxy, startEgressProxy, type Tunnel } from '../../helpers/egress-proxy.ts';
import { freePort } from '../../helpers/free-port.ts';
import { httpClients, ok } from '../../helpers/http-clients.ts';
import { until } from '../../helpers/until.ts';

const { serve, agent, atEnd } = httpClients();
const file = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url));
const tls = { ca: file('cert.pem'), servername: 'localhost' };

const variables = [
  'HTTP_PROXY',
  'http_proxy',
  'HTTPS_PROXY',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
  'NODE_USE_ENV_PROXY',
  'NODE_OPTIONS',
];
beforeEach(() => {
  for (const name of variables) vi.stubEnv(name, undefined);
});
afterEach(() => void vi.unstubAllEnvs());

async function proxy(tunnel?: Tunnel, port?: number): Promise<EgressProxy> {
  const started = await startEgressProxy(tunnel, port);
  atEnd(() => started.close());
  vi.stubEnv('HTTP_PROXY', started.url);
  vi.stubEnv('HTTPS_PROXY', started.url);
  return started;
}

/** An HTTPS server outside, and what it got. */
async function secureServer() {
  const received: string[] = [];
  const server = createServer({ key: file('key.pem'), cert: file('cert.pem') }, (incoming, reply) => {
    incoming.setEncoding('utf8').on('data', (chunk: string) => received.push(`${incoming.method} ${chunk}`));
    incoming.on('end', () => reply.end('ok'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://outside.test:${(server.address() as AddressInfo).port}/`, received };
}

const status = async (url: string, options: MeshAgentOptions = {}) =>
  (await request(url, { dispatcher: agent(options) })).statusCode;

describe('the proxy of the environment', () => {
  const uses = [
    ['not told', {}, undefined, false],
    ['as Node was told', { NODE_USE_ENV_PROXY: '1' }, undefined, true],
    ['always', {}, 'environment', true],
    ['never', { NODE_USE_ENV_PROXY: '1' }, 'none', false],
  ] as const;

  test.each(uses)('%s: an agent', async (_, env, use, isAsked) => {
    const server = await serve(ok);
    const egress = await proxy();
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const outcome = status(`http://outside.test:${server.port}/a`, { proxy: use, deadlineMs: 300 });
    if (isAsked) expect(await outcome).toBe(200);
    else await expect(outcome).rejects.toMatchObject({ neverSent: true });
    expect(egress.asked).toEqual(isAsked ? [`GET http://outside.test:${server.port}/a`] : []);
  });

  test('meshFetch, and inside it is never asked', async () => {
    const server = await serve(ok);
    const egress = await proxy();
    const meshFetch = createMeshFetch({ proxy: 'environment' });
    for (const host of ['127.0.0.1', 'localhost'])
      expect((await meshFetch(`http://${host}:${server.port}/`)).status).toBe(200);
    expect(egress.asked).toEqual([]);
    expect((await meshFetch(`http://outside.test:${server.port}/`)).status).toBe(200);
    expect(egress.asked).toHaveLength(1);
  });

  test('NO_PROXY is kept', async () => {
    const egress = await proxy();
    vi.stubEnv('NO_PROXY', 'outside.test');
    await expect(status('http://outside.test/', { proxy: 'environment', deadlineMs: 200 })).rejects.toBeDefined();
    expect(egress.asked).toEqual([]);
  });

  test('an address that is none is told when the agent is made', () => {
    vi.stubEnv('HTTP_PROXY', 'egress');
    expect(() => createMeshAgent({ proxy: 'environment' })).toThrow(
      /^createMeshAgent: proxy must be .*HTTP_PROXY.*Invalid URL/,
    );
  });

  test('is closed with its agent', async () => {
    const server = await serve(ok);
    await proxy();
    const made = createMeshAgent({ proxy: 'environment' });
    await request(`http://outside.test:${server.port}/`, { dispatcher: made }).then(({ body }) => body.dump());
    await made.close();
    await expect(request(`http://outside.test:${server.port}/`, { dispatcher: made })).rejects.toMatchObject({
      code: 'UND_ERR_DESTROYED',
    });
  });
});

describe('a tunnel that does not come about: nothing was sent', () => {
  const clients = {
    agent: async (url: string) => {
      const dispatcher = agent({ proxy: 'environment', agent: { connect: tls } });
      return (await request(url, { method: 'POST', body: 'order', dispatcher })).statusCode;
    },
    'meshFetch over a ProxyAgent': async (url: string) => {
      const dispatcher = new ProxyAgent({ uri: process.env.HTTPS_PROXY ?? '', requestTls: tls });
      atEnd(() => dispatcher.destroy());
      return (await createMeshFetch({ dispatcher, arrivalBaseMs: 5 })(url, { method: 'POST', body: 'order' })).status;
    },
  };
  const failures: readonly [string, Tunnel][] = [
    ['answered 503', (number) => (number <= 4 ? 503 : 'open')],
    ['answered 502', (number) => (number <= 4 ? 502 : 'open')],
    ['reset', (number) => (number <= 2 ? 'reset' : 'open')],
    ['refused with 403, twice', (number) => (number <= 2 ? 403 : 'open')],
  ];

  describe.each(Object.entries(clients))('%s', (_, post) => {
    test.each(failures)('%s: the POST waits, and arrives once', async (_, tunnel) => {
      const server = await secureServer();
      const egress = await proxy(tunnel);
      expect(await post(server.url)).toBe(200);
      expect(server.received).toEqual(['POST order']);
      expect(egress.asked.length).toBeGreaterThan(2);
    });

    test('to a proxy that does not listen yet', async () => {
      const server = await secureServer();
      const port = await freePort();
      vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${port}`);
      vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${port}`);
      const pending = post(server.url);
      const egress = await startEgressProxy(undefined, port);
      atEnd(() => egress.close());
      await until('the tunnel', () => egress.asked.length > 0);
      expect(await pending).toBe(200);
      expect(server.received).toEqual(['POST order']);
    });
  });

  test('that the proxy forbids for good surfaces after a few, as never sent', async () => {
    const server = await secureServer();
    await proxy(() => 407);
    const dispatcher = agent({ proxy: 'environment', agent: { connect: tls } });
    await expect(request(server.url, { method: 'POST', dispatcher })).rejects.toMatchObject({
      code: 'MESH_UNREACHABLE',
      attempts: 3,
      cause: { message: expect.stringContaining('407') },
    });
  });
});
