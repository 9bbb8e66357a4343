import axios from 'axios';
import axiosRetry from 'axios-retry';
import got from 'got';
import ky from 'ky';
import pRetry from 'p-retry';
import { Agent, RetryAgent, request } from 'undici';
import { createMeshAgent, createMeshFetch } from '../../../src/http/index.ts';
import { silentLogger } from '../../../src/shared/logger.ts';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly body?: string | Buffer;
}

export interface Client {
  readonly name: string;
  /** The status of the final reply; throws when there is none, or as the client does when it is a failure. */
  call(url: string, call: Call): Promise<number>;
  close(): Promise<void>;
}

/** Ours and its peers, each as its documentation makes it, with retries for every method that a peer offers them for by default. */
export function clients(): Client[] {
  const meshAgent = createMeshAgent({ logger: silentLogger });
  const fetchAgent = new Agent();
  const meshFetch = createMeshFetch({ dispatcher: fetchAgent, logger: silentLogger });
  const retryAgent = new RetryAgent(new Agent());
  const axiosClient = axios.create({ proxy: false });
  axiosRetry(axiosClient, { retries: 3 });
  const nothing = async () => {};
  return [
    { name: 'mesh agent', call: (url, call) => undiciCall(url, call, meshAgent), close: () => meshAgent.destroy() },
    {
      name: 'meshFetch',
      call: async (url, call) => drained((await meshFetch(url, call as never)) as Response),
      close: () => fetchAgent.destroy(),
    },
    {
      name: 'undici RetryAgent',
      call: (url, call) => undiciCall(url, call, retryAgent),
      close: () => retryAgent.destroy(),
    },
    {
      name: 'got',
      call: async (url, { method, body }) =>
        (await got(url, { method, ...(body === undefined ? {} : { body }) })).statusCode,
      close: nothing,
    },
    {
      name: 'ky',
      call: async (url, call) => drained(await ky(url, call as RequestInit)),
      close: nothing,
    },
    {
      name: 'axios-retry',
      call: async (url, { method, body }) =>
        (await axiosClient.request({ url, method, ...(body === undefined ? {} : { data: body }) })).status,
      close: nothing,
    },
    {
      name: 'fetch + p-retry',
      call: (url, call) =>
        pRetry(
          async () => {
            const reply = await fetch(url, call as RequestInit);
            if (reply.status >= 500) throw new Error(`status ${reply.status}`);
            return drained(reply);
          },
          { retries: 3 },
        ),
      close: nothing,
    },
  ];
}

async function undiciCall(
  url: string,
  { method, body }: Call,
  dispatcher: Agent | RetryAgent | ReturnType<typeof createMeshAgent>,
) {
  const reply = await request(url, { method, body: body ?? null, dispatcher });
  await reply.body.dump();
  return reply.statusCode;
}

async function drained(reply: Response): Promise<number> {
  await reply.arrayBuffer();
  return reply.status;
}
