import { Readable } from 'node:stream';
import { FormData as UndiciFormData, Request as UndiciRequest, fetch as undiciFetch } from 'undici';
import { describe, expect, test } from 'vitest';
import { createMeshAgent, MeshInterruptedError, MeshReplyError, meshFetch } from '../../../src/http/index.ts';
import { freePort } from '../../helpers/free-port.ts';
import { httpClients } from '../../helpers/http-clients.ts';
import { once } from '../../helpers/serving.ts';
import { until } from '../../helpers/until.ts';

const { serve, atEnd, fetcher: client } = httpClients();

function form<Form extends { set(name: string, value: unknown, file?: string): void }>(made: Form): Form {
  made.set('name', 'value');
  made.set('file', new Blob(['content']), 'a.txt');
  return made;
}

async function* generator() {
  yield Buffer.from('once ');
  yield Buffer.from('only');
}

const replayed: [string, () => unknown][] = [
  ['string', () => 'text äöü'],
  ['long string', () => 'äbc'.repeat(50_000)],
  ['Buffer', () => Buffer.from('bytes')],
  ['ArrayBuffer', () => new TextEncoder().encode('bytes').buffer],
  ['URLSearchParams', () => new URLSearchParams({ a: '1', b: 'ä' })],
  ["Node's FormData", () => form(new FormData() as never)],
  ["undici's FormData", () => form(new UndiciFormData() as never)],
  ['Blob', () => new Blob(['blob'], { type: 'text/x-mine' })],
  ['File', () => new File(['file'], 'a.txt', { type: 'text/x-mine' })],
  ['DataView', () => new DataView(new TextEncoder().encode('bytes').buffer, 1)],
  ['factory of a Readable', () => () => Readable.from([Buffer.from('made '), Buffer.from('anew')])],
  ['factory of a web stream', () => () => new Blob(['made anew']).stream()],
];

const oneShot: [string, () => unknown][] = [
  ['Readable', () => Readable.from([Buffer.from('once '), Buffer.from('only')])],
  ['async generator', generator],
  ['web stream', () => new Blob(['once only']).stream()],
];

describe('bodies', () => {
  test.each(replayed)('%s is replayed byte for byte', async (_, make) => {
    const server = await serve(once({ do: 'reply', status: 503 }));
    const reply = await client()(server.url, { method: 'PUT', body: make() as never });
    expect([reply.status, await reply.text()]).toEqual([200, 'ok']);
    const [first, second] = server.received;
    expect(first?.body.length).toBeGreaterThan(3);
    expect(second?.body).toEqual(first?.body);
    expect(second?.headers).toEqual(first?.headers);
  });

  test.each(replayed)('%s reaches the server as it does with plain fetch', async (name, make) => {
    if (name.includes('FormData') || name.startsWith('factory')) return; // fetch of undici or of Node takes only its own, and none
    const server = await serve(() => ({ do: 'reply' }));
    await undiciFetch(server.url, { method: 'PUT', body: make() as never });
    await client()(server.url, { method: 'PUT', body: make() as never });
    const [plain, ours] = server.received;
    expect(ours?.body).toEqual(plain?.body);
    expect(ours?.headers['content-type']).toBe(plain?.headers['content-type']);
    expect(ours?.headers['content-length']).toBe(plain?.headers['content-length']);
  });

  test.each(oneShot)('%s is sent whole, and not repeated once it was touched', async (_, make) => {
    const server = await serve(once({ do: 'reply', status: 503, body: 'busy' }));
    const reply = await client()(server.url, { method: 'PUT', body: make() as never });
    expect([reply.status, await reply.text()]).toEqual([503, 'busy']);
    expect(server.received.map(({ body, complete }) => [body.toString(), complete])).toEqual([['once only', true]]);
  });

  test.each(oneShot)('%s is whole after connections that never came about', async (_, make) => {
    const port = await freePort();
    let failed = 0;
    const fetch = client({ logger: { debug: () => (failed += 1), info() {}, warn() {}, error() {} } });
    const pending = fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: make() as never });
    await until('a refused attempt', () => failed > 0);
    const server = await serve(() => ({ do: 'reply' }), port);
    expect((await pending).status).toBe(200);
    expect(server.received.map(({ body }) => body.toString())).toEqual(['once only']);
  });

  test.each([Request, UndiciRequest])('a Request, of Node or of undici', async (Class) => {
    const server = await serve(once({ do: 'reset' }));
    const made = new Class(server.url, { method: 'PUT', headers: { 'x-mine': '1' } });
    expect((await client()(made as Request)).status).toBe(200);
    expect(server.received.map(({ method, headers }) => [method, headers['x-mine']])).toEqual([
      ['PUT', '1'],
      ['PUT', '1'],
    ]);
  });

  test('the body of a Request is sent once', async () => {
    const server = await serve(once({ do: 'reply', status: 503 }));
    const made = new Request(server.url, { method: 'PUT', body: 'of a request' });
    expect((await client()(made)).status).toBe(503);
    expect(server.received.map(({ body }) => body.toString())).toEqual(['of a request']);
  });
});

describe('the policy is the one of the agent', () => {
  test('POST read and then reset is never repeated', async () => {
    const server = await serve(once({ do: 'reset' }));
    const error = await client()(server.url, { method: 'POST', body: 'order' }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MeshInterruptedError);
    expect(error).toMatchObject({ attempts: 1, neverSent: false, gaveUp: 'not idempotent' });
    expect(server.received).toHaveLength(1);
  });

  test('POST, never sent, waits', async () => {
    const port = await freePort();
    let failed = 0;
    const fetch = client({ logger: { debug: () => (failed += 1), info() {}, warn() {}, error() {} } });
    const pending = fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'order' });
    await until('three refused attempts', () => failed > 2);
    const server = await serve(() => ({ do: 'reply' }), port);
    expect((await pending).status).toBe(200);
    expect(server.received).toHaveLength(1);
  });

  test("POST with the sidecar's own UF is repeated", async () => {
    const body = 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure';
    const server = await serve(once({ do: 'reply', status: 503, headers: { server: 'envoy' }, body }));
    expect((await client()(server.url, { method: 'POST', body: 'x' })).status).toBe(200);
    expect(server.received).toHaveLength(2);
  });

  test('an early reply to an upload of 16 MB is not followed by a second one', async () => {
    const body = 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure';
    const server = await serve(once({ do: 'early reply', status: 503, headers: { server: 'envoy' }, body }));
    const upload = Buffer.alloc(16 * 1024 * 1024, 'x');
    await client()(server.url, { method: 'POST', body: upload }).catch(() => {});
    expect(server.received).toHaveLength(1);
  });

  test('a request may say that it is idempotent', async () => {
    const server = await serve(once({ do: 'reset' }));
    expect((await client()(server.url, { method: 'POST', body: 'x', idempotent: true })).status).toBe(200);
  });

  test('a reply that breaks off says what is known of the request, as the cause of the TypeError', async () => {
    const server = await serve(() => ({ do: 'half reply', body: 'x'.repeat(100) }));
    const reply = await client()(server.url);
    expect(reply.status).toBe(200);
    const error = await reply.text().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).cause).toMatchObject({ code: 'MESH_INTERRUPTED', attempts: 1, neverSent: false });
    expect(server.received).toHaveLength(1);
  });

  test('few attempts, then the reply surfaces whole', async () => {
    const server = await serve(() => ({ do: 'reply', status: 503, body: 'busy' }));
    const reply = await client()(server.url);
    expect([reply.status, await reply.text()]).toEqual([503, 'busy']);
    expect(server.received).toHaveLength(3);
  });

  test('failed replies as errors', async () => {
    const server = await serve(() => ({ do: 'reply', status: 503, body: 'busy' }));
    const error = await client({ failedReplies: 'throw' })(server.url).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MeshReplyError);
    expect(error).toMatchObject({ status: 503, body: 'busy', attempts: 3, gaveUp: 'retries used up' });
  });
});

describe('time and abort', () => {
  test('an attempt that hangs is cut off and repeated', async () => {
    const server = await serve(once({ do: 'hang' }));
    expect((await client({ attemptTimeoutMs: 100 })(server.url)).status).toBe(200);
  });

  test('the deadline ends everything', async () => {
    const server = await serve(() => ({ do: 'hang' }));
    await expect(client({ deadlineMs: 100 })(server.url)).rejects.toMatchObject({
      code: 'MESH_DEADLINE',
      neverSent: false,
    });
  });

  test("the caller's abort ends an attempt", async () => {
    const server = await serve(() => ({ do: 'hang' }));
    const controller = new AbortController();
    const pending = client()(server.url, { signal: controller.signal });
    pending.catch(() => {});
    await until('the request to arrive', () => server.received.length === 1);
    controller.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
  });

  test("the caller's abort ends a pause", async () => {
    const port = await freePort();
    const controller = new AbortController();
    let failed = 0;
    const logger = { debug: () => (failed += 1), info() {}, warn() {}, error() {} };
    const fetch = client({ arrivalBaseMs: 60_000, arrivalCapMs: 60_000, deadlineMs: Number.POSITIVE_INFINITY, logger });
    const pending = fetch(`http://127.0.0.1:${port}/`, { signal: controller.signal });
    pending.catch(() => {});
    await until('a pause', () => failed === 1);
    controller.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
  });
});

describe('under other fetches', () => {
  test('a mesh agent is not used twice by meshFetch', async () => {
    const server = await serve(() => ({ do: 'reply', status: 503 }));
    const dispatcher = createMeshAgent({ backoffBaseMs: 1 });
    atEnd(() => dispatcher.destroy());
    expect((await meshFetch(server.url, { dispatcher, meshRetry: { backoffBaseMs: 1 } })).status).toBe(503);
    expect(server.received).toHaveLength(3);
  });

  test("as undici's fetch's dispatcher it never replays a body as empty", async () => {
    const server = await serve(once({ do: 'reply', status: 503, body: 'busy' }));
    const dispatcher = createMeshAgent({ backoffBaseMs: 1 });
    atEnd(() => dispatcher.destroy());
    const reply = await undiciFetch(server.url, { method: 'PUT', body: 'whole', dispatcher });
    expect(reply.status).toBe(503);
    expect(server.received.map(({ body }) => body.toString())).toEqual(['whole']);
  });

  test("as undici's fetch's dispatcher it waits for a port, with the body whole", async () => {
    const port = await freePort();
    let failed = 0;
    const logger = { debug: () => (failed += 1), info() {}, warn() {}, error() {} };
    const dispatcher = createMeshAgent({ arrivalCapMs: 20, logger });
    atEnd(() => dispatcher.destroy());
    const pending = undiciFetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'whole', dispatcher });
    await until('a refused attempt', () => failed > 0);
    const server = await serve(() => ({ do: 'reply' }), port);
    expect((await pending).status).toBe(200);
    expect(server.received.map(({ body }) => body.toString())).toEqual(['whole']);
  });

  test('data: URLs are passed through', async () => {
    expect(await (await meshFetch('data:text/plain,hello')).text()).toBe('hello');
  });
});
