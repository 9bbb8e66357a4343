import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import { MeshInterruptedError } from '../../../src/http/index.ts';
import { httpClients } from '../../helpers/http-clients.ts';
import { once } from '../../helpers/serving.ts';

const { serve, agent } = httpClients();

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
