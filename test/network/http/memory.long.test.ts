import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Agent, request } from 'undici';
import { expect, test } from 'vitest';
import { createMeshAgent, createMeshFetch } from '../../../src/http/index.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { startProgram } from '../../helpers/program.ts';
import { serving } from '../../helpers/serving.ts';

const { atEnd } = serving();
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
    // In a process of its own: what it keeps does not count.
    const server = startProgram('test/fixtures/http/busy-server.ts');
    atEnd(async () => server.kill());
    const url = `http://127.0.0.1:${await server.ready<number>()}/`;
    const ask = make();
    // One signal for many requests, as an app has one for its end.
    const { signal } = new AbortController();
    const send = async (count: number) => {
      let left = count;
      const worker = async () => {
        while (left > 0) {
          left -= 1;
          await ask(url, left % 3 === 0 ? { method: 'POST', body: 'order', signal } : { method: 'GET' });
        }
      };
      await Promise.all(Array.from({ length: 20 }, worker));
    };
    await send(10_000);
    const before = await heapUsed();
    await send(100_000);
    const grownBytes = (await heapUsed()) - before;
    expect(grownBytes).toBeLessThan(3 * 1024 * 1024);
  },
  300_000,
);
