import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import { freePort } from '../../helpers/free-port.ts';
import { httpClients, ok } from '../../helpers/http-clients.ts';
import { once } from '../../helpers/serving.ts';
import { until } from '../../helpers/until.ts';

const { serve, agent } = httpClients();

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
