import { Readable } from 'node:stream';
import { Agent, request, stream, FormData as UndiciFormData } from 'undici';
import { describe, expect, test } from 'vitest';
import {
  createMeshAgent,
  MeshDeadlineError,
  MeshInterruptedError,
  MeshReplyError,
  MeshUnreachableError,
  meshRetry,
} from '../../../src/http/index.ts';
import type { Script } from '../../helpers/fault-server.ts';
import { freePort } from '../../helpers/free-port.ts';
import { once, serving } from '../../helpers/serving.ts';
import { until } from '../../helpers/until.ts';

const { serve, atEnd } = serving();

function agent(options: Parameters<typeof createMeshAgent>[0] = {}) {
  // Short pauses: these tests are about what is repeated, not about when.
  const made = createMeshAgent({ backoffBaseMs: 10, arrivalBaseMs: 5, arrivalCapMs: 20, ...options });
  atEnd(() => made.destroy());
  return made;
}

const ok: Script = () => ({ do: 'reply' });
const ownUf = {
  do: 'reply',
  status: 503,
  headers: { server: 'envoy', 'content-type': 'text/plain' },
  body: 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure',
} as const;

describe('what may have been processed', () => {
  test.each(['POST', 'PATCH'] as const)('%s read and then reset is never repeated', async (method) => {
    const server = await serve(once({ do: 'reset' }));
    const error = await request(server.url, { method, body: 'order', dispatcher: agent() }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MeshInterruptedError);
    expect(error).toMatchObject({
      code: 'MESH_INTERRUPTED',
      method,
      attempts: 1,
      neverSent: false,
      gaveUp: 'not idempotent',
    });
    expect((error as Error).cause).toMatchObject({ code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/) });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]?.complete).toBe(true);
  });

  test.each(['reset', 'close'] as const)('PUT read and then %s is repeated', async (fault) => {
    const server = await serve(once({ do: fault }));
    const reply = await request(server.url, { method: 'PUT', body: 'value', dispatcher: agent() });
    expect(reply.statusCode).toBe(200);
    expect(server.received.map(({ body }) => body.toString())).toEqual(['value', 'value']);
  });

  test('POST with an Idempotency-Key counts as idempotent', async () => {
    const server = await serve(once({ do: 'reset' }));
    const headers = { 'Idempotency-Key': 'a1' };
    const reply = await request(server.url, { method: 'POST', body: 'order', headers, dispatcher: agent() });
    expect(reply.statusCode).toBe(200);
    expect(server.received).toHaveLength(2);
  });

  test('the header is an option', async () => {
    const server = await serve(once({ do: 'reset' }));
    const headers = { 'idempotency-key': 'a1' };
    const dispatcher = agent({ idempotencyKeyHeader: false });
    await expect(request(server.url, { method: 'POST', body: 'x', headers, dispatcher })).rejects.toThrow();
    expect(server.received).toHaveLength(1);
  });

  test("undici's idempotent option decides, either way", async () => {
    const server = await serve((_, number) => (number === 1 || number === 3 ? { do: 'reset' } : { do: 'reply' }));
    const dispatcher = agent();
    const posted = await request(server.url, { method: 'POST', body: 'x', idempotent: true, dispatcher });
    expect(posted.statusCode).toBe(200);
    await expect(request(server.url, { method: 'GET', idempotent: false, dispatcher })).rejects.toThrow(
      'not idempotent',
    );
  });

  test.each([429, 502, 503, 504])('an idempotent request is repeated on %i', async (status) => {
    const server = await serve(once({ do: 'reply', status }));
    expect((await request(server.url, { dispatcher: agent() })).statusCode).toBe(200);
    expect(server.received).toHaveLength(2);
  });

  test.each([400, 401, 403, 404, 409, 426, 500, 501])('no request is repeated on %i', async (status) => {
    const server = await serve(once({ do: 'reply', status, body: 'no' }));
    const reply = await request(server.url, { dispatcher: agent() });
    expect(reply.statusCode).toBe(status);
    expect(await reply.body.text()).toBe('no');
    expect(server.received).toHaveLength(1);
  });

  test("a status that the caller adds to the list is repeated, but not the sidecar's own refusal", async () => {
    const dispatcher = agent({ retryStatuses: [404, 500] });
    const failing = await serve(once({ do: 'reply', status: 500, body: 'bug' }));
    expect((await request(failing.url, { dispatcher })).statusCode).toBe(200);
    const noRoute = await serve(() => ({ do: 'reply', status: 404, headers: { server: 'envoy' }, body: '' }));
    expect((await request(noRoute.url, { dispatcher })).statusCode).toBe(404);
    expect(noRoute.received).toHaveLength(1);
  });

  test('POST gets its 503 at once, whole', async () => {
    const server = await serve(once({ do: 'reply', status: 503, body: 'busy', headers: { 'x-mine': '1' } }));
    const reply = await request(server.url, { method: 'POST', body: 'x', dispatcher: agent() });
    expect([reply.statusCode, reply.headers['x-mine'], await reply.body.text()]).toEqual([503, '1', 'busy']);
    expect(server.received).toHaveLength(1);
  });

  test('few attempts: maxRetries 2 makes three, then the reply surfaces', async () => {
    const server = await serve(() => ({ do: 'reply', status: 503, body: 'busy' }));
    const reply = await request(server.url, { dispatcher: agent() });
    expect([reply.statusCode, await reply.body.text()]).toEqual([503, 'busy']);
    expect(server.received).toHaveLength(3);
  });

  test('a long reply is neither buffered nor lost', async () => {
    const body = 'x'.repeat(300_000);
    const server = await serve(() => ({ do: 'reply', status: 503, body }));
    const reply = await request(server.url, { method: 'POST', dispatcher: agent() });
    expect(await reply.body.text()).toBe(body);
    const repeated = await request(server.url, { dispatcher: agent() });
    expect(await repeated.body.text()).toBe(body);
    expect(server.received).toHaveLength(4);
  });

  test('HEAD is repeated; its length announces no body', async () => {
    const server = await serve(once({ do: 'reply', status: 503, body: 'busy' }));
    expect((await request(server.url, { method: 'HEAD', dispatcher: agent() })).statusCode).toBe(200);
    expect(server.received).toHaveLength(2);
  });

  test.each([
    ['x-envoy-overloaded', { 'x-envoy-overloaded': 'true' }],
    ['x-envoy-ratelimited without Retry-After', { 'x-envoy-ratelimited': 'true' }],
  ])('never on %s', async (_, headers) => {
    const server = await serve(() => ({ do: 'reply', status: 503, headers }));
    expect((await request(server.url, { dispatcher: agent() })).statusCode).toBe(503);
    expect(server.received).toHaveLength(1);
  });

  test('a reply that breaks off surfaces, even for GET: the caller has seen its head', async () => {
    const server = await serve(() => ({ do: 'half reply', body: 'x'.repeat(100) }));
    const reply = await request(server.url, { dispatcher: agent() });
    expect(reply.statusCode).toBe(200);
    await expect(reply.body.text()).rejects.toMatchObject({ code: 'MESH_INTERRUPTED', attempts: 1 });
    expect(server.received).toHaveLength(1);
  });
});

describe('what was never sent', () => {
  test.each(['GET', 'POST', 'PATCH'] as const)('%s waits for a port that nobody listens on yet', async (method) => {
    const port = await freePort();
    const body = method === 'GET' ? null : 'order';
    const pending = request(`http://127.0.0.1:${port}/`, { method, body, dispatcher: agent() });
    const refused: unknown[] = [];
    pending.catch((error: unknown) => refused.push(error));
    await until('some refused attempts', async () => performance.now() > 0);
    const server = await serve(ok, port);
    expect((await pending).statusCode).toBe(200);
    expect(server.received).toHaveLength(1);
    expect(server.received[0]?.body.toString()).toBe(body ?? '');
  });

  test('at the deadline it surfaces as safe to repeat, with all that is known', async () => {
    const port = await freePort();
    const error = await request(`http://127.0.0.1:${port}/a?secret=1`, {
      method: 'POST',
      body: 'x',
      dispatcher: agent({ deadlineMs: 150 }),
    }).catch((e: unknown) => e);
    expect(error).toMatchObject({ neverSent: true, gaveUp: 'deadline', firstCause: { code: 'ECONNREFUSED' } });
    expect(['MESH_UNREACHABLE', 'MESH_DEADLINE']).toContain((error as { code: string }).code);
    expect(error instanceof MeshUnreachableError || error instanceof MeshDeadlineError).toBe(true);
    expect((error as Error).message).not.toContain('secret');
    expect((error as MeshUnreachableError).attempts).toBeGreaterThan(3);
  });

  test('a name that does not resolve is tried a few times only', async () => {
    const lookup = (_: string, __: unknown, callback: (error: Error) => void) =>
      callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }));
    const dispatcher = agent({ agent: { connect: { lookup: lookup as never } } });
    await expect(request('http://nowhere.test/', { method: 'POST', dispatcher })).rejects.toMatchObject({
      code: 'MESH_UNREACHABLE',
      attempts: 3,
    });
  });

  test('errors that are not of the network surface as they are, at once', async () => {
    const server = await serve(ok);
    const dispatcher = agent();
    await expect(request(server.url, { headers: { 'bad header': 'x' }, dispatcher })).rejects.toMatchObject({
      code: 'UND_ERR_INVALID_ARG',
    });
    await dispatcher.close();
    await expect(request(server.url, { dispatcher })).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' });
  });
});

describe("the sidecar's own word", () => {
  test('strict: a POST is repeated where its only try failed to connect', async () => {
    const server = await serve(once(ownUf));
    expect((await request(server.url, { method: 'POST', body: 'x', dispatcher: agent() })).statusCode).toBe(200);
    expect(server.received.map(({ body }) => body.toString())).toEqual(['x', 'x']);
  });

  const retried = { ...ownUf, body: ownUf.body.replace('reset reason', 'retried and the latest reset reason') };

  test('strict: not after retries of its own', async () => {
    const server = await serve(once(retried));
    expect((await request(server.url, { method: 'POST', body: 'x', dispatcher: agent() })).statusCode).toBe(503);
    expect(server.received).toHaveLength(1);
  });

  test('istio-default-policy: after its own retries too', async () => {
    const server = await serve(once(retried));
    const dispatcher = agent({ trustSidecar: 'istio-default-policy' });
    expect((await request(server.url, { method: 'POST', body: 'x', dispatcher })).statusCode).toBe(200);
  });

  test('off: never, but idempotent requests go on being repeated', async () => {
    const server = await serve((_, number) => (number === 3 ? { do: 'reply' } : ownUf));
    const dispatcher = agent({ trustSidecar: 'off' });
    expect((await request(server.url, { method: 'POST', body: 'x', dispatcher })).statusCode).toBe(503);
    expect((await request(server.url, { dispatcher })).statusCode).toBe(200);
  });

  test('an early reply to an upload of 16 MB proves nothing: the body was not sent in full', async () => {
    const server = await serve(once({ ...ownUf, do: 'early reply' }));
    const body = Buffer.alloc(16 * 1024 * 1024, 'x');
    const outcome = await request(server.url, { method: 'POST', body, dispatcher: agent() }).then(
      ({ statusCode }) => statusCode,
      (error: unknown) => error,
    );
    expect(outcome).toBe(503);
    expect(server.received).toHaveLength(1);
  });

  test('nor one that overtook the body without that client having noticed', async () => {
    const server = await serve(once({ ...ownUf, headers: { ...ownUf.headers, connection: 'close' } }));
    expect((await request(server.url, { method: 'POST', body: 'x', dispatcher: agent() })).statusCode).toBe(503);
    expect(server.received).toHaveLength(1);
  });

  test('waiting for an upstream has the patience of time, not of attempts', async () => {
    const server = await serve((_, number) => (number < 8 ? ownUf : { do: 'reply' }));
    expect((await request(server.url, { method: 'POST', body: 'x', dispatcher: agent() })).statusCode).toBe(200);
    expect(server.received).toHaveLength(8);
  });
});

describe('Retry-After', () => {
  test('is waited for to the second', async () => {
    const at: number[] = [];
    const server = await serve((_, number) => {
      at.push(performance.now());
      return number === 1 ? { do: 'reply', status: 429, headers: { 'retry-after': '1' } } : { do: 'reply' };
    });
    expect((await request(server.url, { dispatcher: agent() })).statusCode).toBe(200);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(999);
  });

  test('beyond the deadline: given up at once, with the reply', async () => {
    const server = await serve(() => ({ do: 'reply', status: 503, headers: { 'retry-after': '3600' }, body: 'later' }));
    const reply = await request(server.url, { dispatcher: agent() });
    expect([reply.statusCode, await reply.body.text()]).toEqual([503, 'later']);
    expect(server.received).toHaveLength(1);
  });

  test('as a date', async () => {
    const at: number[] = [];
    // To the second above: a date has no fractions.
    const date = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 1_000);
    const server = await serve((_, number) => {
      at.push(Date.now());
      const headers = { 'retry-after': date.toUTCString() };
      return number === 1 ? { do: 'reply', status: 503, headers } : { do: 'reply' };
    });
    expect((await request(server.url, { dispatcher: agent() })).statusCode).toBe(200);
    expect(at[1]).toBeGreaterThanOrEqual(date.getTime() - 1);
  });

  test('longer than a timer can be, without a deadline: given up at once as well', async () => {
    const server = await serve(() => ({ do: 'reply', status: 503, headers: { 'retry-after': '99999999' } }));
    const dispatcher = agent({ deadlineMs: Number.POSITIVE_INFINITY });
    expect((await request(server.url, { dispatcher })).statusCode).toBe(503);
    expect(server.received).toHaveLength(1);
  });

  test('makes a rate-limited request worth repeating', async () => {
    const headers = { 'x-envoy-ratelimited': 'true', 'retry-after': '1' };
    const server = await serve(once({ do: 'reply', status: 429, headers }));
    expect((await request(server.url, { dispatcher: agent() })).statusCode).toBe(200);
  });
});

describe('time', () => {
  test('an attempt that hangs is cut off and repeated', async () => {
    const server = await serve(once({ do: 'hang' }));
    const reply = await request(server.url, { dispatcher: agent({ attemptTimeoutMs: 100 }) });
    expect(reply.statusCode).toBe(200);
    expect(server.received).toHaveLength(2);
  });

  test('a POST that hangs is cut off and not repeated', async () => {
    const server = await serve(() => ({ do: 'hang' }));
    const dispatcher = agent({ attemptTimeoutMs: 50 });
    await expect(request(server.url, { method: 'POST', body: 'x', dispatcher })).rejects.toMatchObject({
      code: 'MESH_INTERRUPTED',
      neverSent: false,
      cause: { code: 'MESH_ATTEMPT_TIMEOUT' },
    });
    expect(server.received).toHaveLength(1);
  });

  test('the deadline ends everything', async () => {
    const server = await serve(() => ({ do: 'hang' }));
    const dispatcher = agent({ deadlineMs: 100 });
    await expect(request(server.url, { dispatcher })).rejects.toMatchObject({
      code: 'MESH_DEADLINE',
      neverSent: false,
    });
  });

  test('the deadline is inherited from x-envoy-expected-rq-timeout-ms', async () => {
    const server = await serve(() => ({ do: 'hang' }));
    const headers = { 'x-envoy-expected-rq-timeout-ms': '80' };
    await expect(request(server.url, { headers, dispatcher: agent() })).rejects.toThrow('deadline of 80 ms');
  });

  test('an infinite deadline sets no timer', async () => {
    const server = await serve(() => ({ do: 'hang' }));
    const dispatcher = agent({ deadlineMs: Number.POSITIVE_INFINITY });
    const controller = new AbortController();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const pending = request(server.url, { signal: controller.signal, headersTimeout: 0, dispatcher });
    pending.catch(() => {});
    await until('the request to arrive', () => server.received.length === 1);
    expect(timers()).toBeLessThanOrEqual(before + 1); // one of this very wait
    controller.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
  });

  test('the deadline does not cut a body that is on its way', async () => {
    const server = await serve(ok);
    const reply = await request(server.url, { dispatcher: agent({ deadlineMs: 500 }) });
    const started = performance.now();
    await until('the deadline to pass', () => performance.now() - started > 600);
    expect(await reply.body.text()).toBe('ok');
  });
});

describe('abort', () => {
  test('ends a pause at once', async () => {
    const port = await freePort();
    const controller = new AbortController();
    const dispatcher = agent({ arrivalBaseMs: 60_000, arrivalCapMs: 60_000, deadlineMs: Number.POSITIVE_INFINITY });
    const pending = request(`http://127.0.0.1:${port}/`, { signal: controller.signal, dispatcher });
    let settled = false;
    pending.catch(() => (settled = true));
    await until('the first attempt to fail', () => new Promise((resolve) => setImmediate(() => resolve(true))));
    expect(settled).toBe(false);
    controller.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
  });

  test('ends an attempt, and there is no other', async () => {
    const server = await serve(() => ({ do: 'hang' }));
    const controller = new AbortController();
    const pending = request(server.url, { signal: controller.signal, dispatcher: agent() });
    pending.catch(() => {});
    await until('the request to arrive', () => server.received.length === 1);
    controller.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
    expect(server.received).toHaveLength(1);
  });
});

describe('bodies', () => {
  const form = () => {
    const made = new UndiciFormData();
    made.set('name', 'value');
    made.set('file', new Blob(['content']), 'a.txt');
    return made;
  };
  const nodeForm = () => {
    const made = new FormData();
    made.set('name', 'value');
    made.set('file', new Blob(['content']), 'a.txt');
    return made;
  };

  const replayed: [string, () => unknown][] = [
    ['string', () => 'text äöü'],
    ['Buffer', () => Buffer.from('bytes')],
    ['Uint8Array', () => new TextEncoder().encode('bytes')],
    ['a long string', () => 'äbc'.repeat(50_000)],
    ['a long view into a buffer', () => new Uint8Array(new ArrayBuffer(200_000), 1_000, 100_000).fill(7)],
    ["undici's FormData", form],
    ["Node's FormData", nodeForm],
    ['DataView', () => new DataView(new TextEncoder().encode('bytes').buffer, 1)],
    ['ArrayBuffer', () => new TextEncoder().encode('bytes').buffer],
    ['URLSearchParams', () => new URLSearchParams({ a: '1', b: 'ä' })],
    ['array of chunks', () => [Buffer.from('many '), Buffer.from('chunks')]],
    ['Blob', () => new Blob(['blob'])],
    ['File', () => new File(['file'], 'a.txt', { type: 'text/plain' })],
    ['factory of a stream', () => () => Readable.from(['made ', 'anew'])],
  ];

  test.each(replayed)('%s is replayed byte for byte', async (_, make) => {
    const server = await serve(once({ do: 'reply', status: 503 }));
    const reply = await request(server.url, { method: 'PUT', body: make() as never, dispatcher: agent() });
    expect(reply.statusCode).toBe(200);
    const [first, second] = server.received;
    expect(first?.body.length).toBeGreaterThan(3);
    expect(second?.body).toEqual(first?.body);
    expect(second?.headers).toEqual(first?.headers);
  });

  async function* generator() {
    yield 'once ';
    yield 'only';
  }
  function* syncGenerator() {
    yield 'once ';
    yield 'only';
  }
  const oneShot: [string, () => unknown][] = [
    ['Readable', () => Readable.from(['once ', 'only'])],
    ['async generator', generator],
    ['generator', syncGenerator],
    ['async iterable', () => ({ [Symbol.asyncIterator]: generator })],
    ['web stream', () => new Blob(['once only']).stream()],
  ];

  test.each(oneShot)('%s is sent whole, and not repeated once it was touched', async (_, make) => {
    const server = await serve(once({ do: 'reply', status: 503, body: 'busy' }));
    const reply = await request(server.url, { method: 'PUT', body: make() as never, dispatcher: agent() });
    expect([reply.statusCode, await reply.body.text()]).toEqual([503, 'busy']);
    expect(server.received.map(({ body, complete }) => [body.toString(), complete])).toEqual([['once only', true]]);
  });

  test.each(oneShot)('%s is whole after connections that never came about', async (_, make) => {
    const port = await freePort();
    const pending = request(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      body: make() as never,
      dispatcher: agent(),
    });
    await until('a refused attempt', () => new Promise((resolve) => setTimeout(() => resolve(true), 20)));
    const server = await serve(ok, port);
    expect((await pending).statusCode).toBe(200);
    expect(server.received.map(({ body }) => body.toString())).toEqual(['once only']);
  });

  test('an error of the body itself surfaces as it is', async () => {
    const server = await serve(ok);
    async function* broken() {
      yield 'a';
      throw new Error('my own stream');
    }
    await expect(request(server.url, { method: 'PUT', body: broken() as never, dispatcher: agent() })).rejects.toThrow(
      'my own stream',
    );
    expect(server.received.every(({ complete }) => !complete)).toBe(true);
  });
});

describe('with other parts of undici', () => {
  test('stream', async () => {
    const server = await serve(once({ do: 'reply', status: 503 }));
    const chunks: Buffer[] = [];
    const { Writable } = await import('node:stream');
    await stream(
      server.url,
      { method: 'GET', dispatcher: agent() },
      () =>
        new Writable({
          write(chunk, _, done) {
            chunks.push(chunk);
            done();
          },
        }),
    );
    expect(Buffer.concat(chunks).toString()).toBe('ok');
  });

  test('meshRetry composes with any dispatcher', async () => {
    const server = await serve(once({ do: 'reply', status: 503 }));
    const base = new Agent();
    atEnd(() => base.destroy());
    const dispatcher = base.compose(meshRetry({ backoffBaseMs: 1 }));
    expect((await request(server.url, { dispatcher })).statusCode).toBe(200);
  });

  test('options of a single request', async () => {
    const server = await serve(() => ({ do: 'reply', status: 503 }));
    const options = { dispatcher: agent(), meshRetry: { maxRetries: 0 } };
    expect((await request(server.url, options as never)).statusCode).toBe(503);
    expect(server.received).toHaveLength(1);
  });

  test('failed replies as errors', async () => {
    const server = await serve(() => ({ ...ownUf, status: 404, body: '' }));
    const error = await request(server.url, { dispatcher: agent({ failedReplies: 'throw' }) }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MeshReplyError);
    expect(error).toMatchObject({ status: 404, attempts: 1, classification: { flag: 'NR', madeBy: 'own-sidecar' } });
    expect((error as Error).message).toContain('add a ServiceEntry');
  });
});
