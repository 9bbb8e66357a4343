import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import { httpClients, ownUf } from '../../helpers/http-clients.ts';
import { once } from '../../helpers/serving.ts';

const { serve, agent } = httpClients();

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
