import { Readable } from 'node:stream';
import { fetch as fetch8 } from 'undici';
import { fetch as fetch6 } from 'undici6';
import { fetch as fetch7 } from 'undici7';
import { describe, expect, test, vi } from 'vitest';
import { type AnyFetch, createMeshFetch, MeshDeadlineError, type MeshFetchOptions } from '../../../src/http/index.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { freePort } from '../../helpers/free-port.ts';
import { ok, ownUf } from '../../helpers/http-clients.ts';
import { once, serving } from '../../helpers/serving.ts';
import { until } from '../../helpers/until.ts';

const { serve } = serving();
const client = (fetch: AnyFetch, options: MeshFetchOptions = {}) =>
  createMeshFetch({ fetch, backoffBaseMs: 5, arrivalBaseMs: 5, arrivalCapMs: 20, logger: silentLogger, ...options });

const fetches = { "Node's own": globalThis.fetch, "undici 6's": fetch6, "undici 7's": fetch7, "undici 8's": fetch8 };

describe.each(Object.entries(fetches))('with a fetch that says how far it got, %s', (_, fetch) => {
  test('a reply is repeated on, and is the one that this fetch makes', async () => {
    const server = await serve(once({ do: 'reply', status: 503 }));
    const reply = await client(fetch)(server.url, { headers: { a: ['1', '2'] } });
    expect([reply.status, await reply.text(), server.received.length]).toEqual([200, 'ok', 2]);
    expect(server.received[0]?.headers).toMatchObject({ a: '1, 2' });
    const { Response: own } = fetch === globalThis.fetch ? globalThis : await import('undici');
    if (fetch === globalThis.fetch || fetch === fetch8) expect(reply).toBeInstanceOf(own);
  });

  test.each<[string, () => unknown]>([
    ['text', () => 'order'],
    ['bytes', () => Buffer.from('order')],
    ['a Blob', () => new Blob(['order'])],
    ['a stream', () => Readable.from(['or', 'der'])],
    ['a function', () => () => Readable.from(['or', 'der'])],
  ])('a POST waits for a port that nobody listens on, with %s', async (_, make) => {
    const port = await freePort();
    let refused = 0;
    const logger = { ...silentLogger, debug: () => (refused += 1) };
    const pending = client(fetch, { logger })(`http://127.0.0.1:${port}/`, { method: 'POST', body: make() as never });
    await until('two refused attempts', () => refused > 1);
    const server = await serve(ok, port);
    expect((await pending).status).toBe(200);
    expect(server.received.map(({ body }) => body.toString())).toEqual(['order']);
  });

  test('a POST that the sidecar says nobody got is repeated, a form byte for byte', async () => {
    const server = await serve(once(ownUf));
    const form = new FormData();
    form.set('name', 'value');
    expect((await client(fetch)(server.url, { method: 'POST', body: form })).status).toBe(200);
    const [first, second] = server.received.map(({ body }) => body.toString());
    expect(first).toContain('name="name"\r\n\r\nvalue');
    expect(second).toBe(first);
  });

  test.each<[string, () => unknown]>([
    ['text', () => 'x'.repeat(16 << 20)],
    ['a stream', () => Readable.from([Buffer.alloc(16 << 20)])],
    ['a function', () => () => Readable.from([Buffer.alloc(16 << 20)])],
  ])('an early reply to 16 MB of %s is not followed by a second upload', async (_, make) => {
    const server = await serve(() => ({ ...ownUf, do: 'early reply' }));
    await client(fetch)(server.url, { method: 'POST', body: make() as never }).catch(() => {});
    expect(server.received).toHaveLength(1);
  });

  test('a POST that was read and reset surfaces', async () => {
    const server = await serve(() => ({ do: 'reset' }));
    const failed = { code: 'MESH_INTERRUPTED', neverSent: false, attempts: 1 };
    await expect(client(fetch)(server.url, { method: 'POST', body: 'order' })).rejects.toMatchObject(failed);
  });

  test('a refused connection after a redirect says nothing of the POST before it', async () => {
    const location = `http://127.0.0.1:${await freePort()}/`;
    const server = await serve(() => ({ do: 'reply', status: 307, headers: { location } }));
    const failed = { code: 'MESH_INTERRUPTED', neverSent: false, attempts: 1 };
    await expect(client(fetch)(server.url, { method: 'POST', body: 'order' })).rejects.toMatchObject(failed);
    expect(server.received).toHaveLength(1);
  });

  test('two at once are told apart', async () => {
    const gone = `http://127.0.0.1:${await freePort()}/`;
    const server = await serve(() => ({ do: 'reset' }));
    const meshFetch = client(fetch, { deadlineMs: 300 });
    const outcomes = await Promise.allSettled(
      [gone, server.url].map((url) => meshFetch(url, { method: 'POST', body: 'x' })),
    );
    expect(outcomes).toMatchObject([{ reason: { neverSent: true } }, { reason: { neverSent: false, attempts: 1 } }]);
  });
});

describe('with a fetch that says nothing, a mock', () => {
  const refused = () =>
    new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) });

  test('it gets what the app gave, and its replies are repeated on', async () => {
    const mock = vi.fn(
      async (_url: string, _init: RequestInit) =>
        new Response('busy', { status: mock.mock.calls.length === 1 ? 503 : 200 }),
    );
    const reply = await client(mock as AnyFetch)('http://orders.test/a', {
      method: 'PUT',
      body: 'order',
      headers: { a: '1' },
    });
    expect(reply.status).toBe(200);
    const sent = { method: 'PUT', body: 'order', headers: { a: '1' } };
    expect(mock.mock.calls).toMatchObject([
      ['http://orders.test/a', sent],
      ['http://orders.test/a', sent],
    ]);
  });

  test('a GET is repeated on a refused connection, a POST only where no redirect can have come before', async () => {
    for (const [init, calls] of [
      [{ method: 'GET' }, 3],
      [{ method: 'POST' }, 1],
    ] as const) {
      const mock = vi.fn(async () => Promise.reject(refused()));
      await expect(client(mock)('http://orders.test/', init)).rejects.toMatchObject({ neverSent: false });
      expect(mock).toHaveBeenCalledTimes(calls);
    }
    const mock = vi.fn(async () => (mock.mock.calls.length < 5 ? Promise.reject(refused()) : new Response('ok')));
    expect((await client(mock)('http://orders.test/', { method: 'POST', redirect: 'manual' })).status).toBe(200);
  });

  test.each([
    ['deadlineMs', { deadlineMs: 50 }, MeshDeadlineError],
    ['attemptTimeoutMs', { attemptTimeoutMs: 20, maxRetries: 1 }, Error],
  ])('%s ends one that heeds no signal', async (_, options, kind) => {
    await expect(client(() => new Promise(() => {}), options)('http://orders.test/')).rejects.toThrow(kind);
  });

  test("the caller's signal ends one that heeds none", async () => {
    const signal = AbortSignal.timeout(20);
    await expect(client(() => new Promise(() => {}))('http://orders.test/', { signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  test('its own errors surface as they are', async () => {
    const mistake = new TypeError('no such mock');
    await expect(client(() => Promise.reject(mistake))('http://orders.test/')).rejects.toBe(mistake);
    await expect(client(() => Promise.reject('text'))('http://orders.test/')).rejects.toBe('text');
    const thrown = () => {
      throw mistake;
    };
    await expect(client(thrown)('http://orders.test/')).rejects.toBe(mistake);
  });

  test('a dispatcher is handed on, and none is given where there is none', async () => {
    const inits: object[] = [];
    const mock = async (_: string, init: object) => {
      inits.push(init);
      return new Response('ok');
    };
    const dispatcher = { dispatch: () => true };
    await client(mock, { dispatcher: dispatcher as never })('http://orders.test/');
    await client(mock)('data:,x');
    expect(inits[0]).toMatchObject({ dispatcher });
    expect(inits[1]).not.toHaveProperty('dispatcher');
  });
});
