import { request } from 'undici';
import { expect, test } from 'vitest';
import type { MeshRetryOptions } from '../../../src/http/index.ts';
import { httpClients } from '../../helpers/http-clients.ts';

const { serve, agent, fetcher } = httpClients();

type Call = (url: string, method: 'GET' | 'POST') => Promise<number>;

const clients: Record<string, (options: MeshRetryOptions) => Call> = {
  createMeshAgent: (options) => {
    const dispatcher = agent(options);
    return async (url, method) => {
      const { statusCode, body } = await request(url, { method, dispatcher });
      await body.dump();
      return statusCode;
    };
  },
  meshFetch: (options) => {
    const fetch = fetcher(options);
    return async (url, method) => (await fetch(url, { method })).status;
  },
};

/** Ways in which a request that was retried can end. */
const ends: [string, MeshRetryOptions][] = [
  ['with its reply', {}],
  ['with an error', { failedReplies: 'throw' }],
];

test.each(
  Object.entries(clients).flatMap(([name, make]) =>
    ends.map(([how, options]) => [name, how, () => make({ backoffBaseMs: 1, ...options })] as const),
  ),
)('%s still retries after fifty requests that failed in the end, %s', async (_, __, make) => {
  const call = make();
  const server = await serve(() => ({ do: 'reply', status: 503 }));
  for (let i = 0; i < 50; i += 1) await call(server.url, 'GET').catch(() => {});
  expect(server.received).toHaveLength(150);
  server.play((_, number) => (number === 151 ? { do: 'reply', status: 503 } : { do: 'reply' }));
  expect(await call(server.url, 'GET')).toBe(200);
  expect(server.received).toHaveLength(152);
});
