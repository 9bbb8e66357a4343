import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { request } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { createMeshAgent, httpChannels } from '../../../src/http/index.ts';
import type { Logger } from '../../../src/shared/logger.ts';
import { startFaultServer } from '../../helpers/fault-server.ts';
import { freePort } from '../../helpers/free-port.ts';
import { until } from '../../helpers/until.ts';

type Seen = [channel: string, event: Record<string, unknown>];
const seen: Seen[] = [];
const listeners = Object.values(httpChannels).map((name) => {
  const listener = (event: unknown) => void seen.push([name, event as Record<string, unknown>]);
  subscribe(name, listener);
  return [name, listener] as const;
});
afterEach(() => {
  seen.length = 0;
});
process.on('exit', () => {
  for (const [name, listener] of listeners) unsubscribe(name, listener);
});

const common = {
  method: 'GET',
  origin: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  path: '/a',
  elapsedMs: expect.any(Number),
};

test('retries and the giving up, with their shapes, to channels and logger', async () => {
  const lines: [string, object, string][] = [];
  const to = (level: string) => (fields: object, message: string) => void lines.push([level, fields, message]);
  const logger: Logger = { debug: to('debug'), info: to('info'), warn: to('warn'), error: to('error') };
  const server = await startFaultServer(() => ({ do: 'reply', status: 503 }));
  const dispatcher = createMeshAgent({ backoffBaseMs: 1, maxRetries: 1, logger });
  await request(`${server.url}/a?token=secret`, { dispatcher });
  expect(seen).toEqual([
    [httpChannels.retry, { ...common, attempts: 1, failure: '503', pauseMs: expect.any(Number), neverSent: false }],
    [httpChannels.giveUp, { ...common, attempts: 2, failure: '503', why: 'retries used up' }],
  ]);
  expect(lines.map(([level]) => level)).toEqual(['debug', 'warn']);
  expect(JSON.stringify(lines)).not.toContain('secret');
  await dispatcher.destroy();
  await server.close();
});

test('a wait is told once', async () => {
  const port = await freePort();
  const dispatcher = createMeshAgent({ arrivalCapMs: 5 });
  const pending = request(`http://127.0.0.1:${port}/a`, { dispatcher });
  await until('three retries', () => seen.filter(([name]) => name === httpChannels.retry).length >= 3);
  const server = await startFaultServer(() => ({ do: 'reply' }), port);
  await pending;
  const waits = seen.filter(([name]) => name === httpChannels.wait);
  expect(waits).toEqual([[httpChannels.wait, { ...common, attempts: 1, failure: 'ECONNREFUSED', waiting: 1 }]]);
  expect(seen.find(([name]) => name === httpChannels.retry)?.[1]).toMatchObject({ neverSent: true });
  await dispatcher.destroy();
  await server.close();
});

test('a storm meets the budget, which says so', async () => {
  const server = await startFaultServer(() => ({ do: 'reply', status: 503 }));
  const dispatcher = createMeshAgent();
  const total = 100;
  const replies = await Promise.all(Array.from({ length: total }, () => request(`${server.url}/a`, { dispatcher })));
  expect(replies.every(({ statusCode }) => statusCode === 503)).toBe(true);
  const refused = seen.filter(([name]) => name === httpChannels.budget);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.[1]).toEqual({
    ...common,
    attempts: 1,
    failure: '503',
    active: expect.any(Number),
    retrying: expect.any(Number),
  });
  // Without a budget there would be 300.
  expect(server.received.length).toBeLessThan(200);
  await dispatcher.destroy();
  await server.close();
});

test('refused connections are exempt: a hundred wait, all arrive, and none is there twice', async () => {
  const port = await freePort();
  const dispatcher = createMeshAgent();
  const pending = Array.from({ length: 100 }, (_, i) =>
    request(`http://127.0.0.1:${port}/a`, { method: 'POST', body: `order ${i}`, dispatcher }),
  );
  await until('all of them to wait', () => seen.filter(([name]) => name === httpChannels.wait).length === 100);
  const server = await startFaultServer(() => ({ do: 'reply' }), port);
  const replies = await Promise.all(pending);
  expect(replies.every(({ statusCode }) => statusCode === 200)).toBe(true);
  expect(new Set(server.received.map(({ body }) => body.toString())).size).toBe(100);
  expect(server.received).toHaveLength(100);
  await dispatcher.destroy();
  await server.close();
});
