import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Agent, request } from 'undici';
import { expect, test } from 'vitest';
import { createMeshAgent, createMeshFetch } from '../../../src/http/index.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { httpClients } from '../../helpers/http-clients.ts';

const { serve, atEnd } = httpClients();
const options = { backoffBaseMs: 0, arrivalBaseMs: 0, logger: silentLogger } as const;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function heapUsed(): Promise<number> {
  await delay(20);
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

type Ask = (url: string, init: { method: 'GET' | 'POST'; body?: string; signal?: AbortSignal }) => Promise<unknown>;
const clients: Readonly<Record<string, () => Ask>> = {
  agent: () => {
    const dispatcher = createMeshAgent(options);
    atEnd(() => dispatcher.destroy());
    return (url, init) => request(url, { ...init, dispatcher }).then(({ body }) => body.dump());
  },
  meshFetch: () => {
    const dispatcher = new Agent();
    atEnd(() => dispatcher.destroy());
    const meshFetch = createMeshFetch({ ...options, dispatcher });
    return (url, init) => meshFetch(url, init).then((reply) => reply.text());
  },
  "Node's fetch": () => {
    const meshFetch = createMeshFetch({ ...options, fetch });
    return (url, init) => meshFetch(url, init).then((reply) => reply.text());
  },
};

test.each(Object.entries(clients))(
  '100,000 requests, one in ten of them repeated, leave nothing behind: %s',
  async (_, make) => {
    let asked = 0;
    const server = await serve(() => {
      asked += 1;
      return asked % 10 === 0 ? { do: 'reply', status: 503 } : { do: 'reply' };
    });
    const ask = make();
    // One signal for many requests, as an app has one for its end.
    const { signal } = new AbortController();
    const send = async (count: number) => {
      let left = count;
      const worker = async () => {
        while (left > 0) {
          left -= 1;
          await ask(server.url, left % 3 === 0 ? { method: 'POST', body: 'order', signal } : { method: 'GET' });
        }
      };
      await Promise.all(Array.from({ length: 20 }, worker));
      // What the server itself has kept.
      (server.received as unknown[]).length = 0;
    };
    await send(10_000);
    const before = await heapUsed();
    await send(100_000);
    const grownBytes = (await heapUsed()) - before;
    expect(grownBytes).toBeLessThan(3 * 1024 * 1024);
  },
  300_000,
);
