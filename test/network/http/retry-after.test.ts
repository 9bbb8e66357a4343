import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import { httpClients } from '../../helpers/http-clients.ts';
import { once } from '../../helpers/serving.ts';

const { serve, agent } = httpClients();

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
