import { Client, credentials } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { meshAxios } from '../../examples/recipes/axios.ts';
import { meshGot } from '../../examples/recipes/got.ts';
import { meshInterceptor } from '../../examples/recipes/grpc.ts';
import { meshKy } from '../../examples/recipes/ky.ts';
import { once, serving } from '../helpers/serving.ts';

// What the adapters do is in test/network/http; here each recipe is seen to be one of them.

const { serve } = serving();

describe.each([
  ['got', async (url: string) => (await meshGot().get(url)).statusCode],
  ['ky', async (url: string) => (await meshKy().get(url)).status],
  ['axios', async (url: string) => (await meshAxios().get(url)).status],
])('%s', (_, get) => {
  it('repeats a GET', async () => {
    const server = await serve(once({ do: 'reply', status: 503 }));
    expect(await get(`${server.url}/`)).toBe(200);
    expect(server.received).toHaveLength(2);
  });
});

it('grpc', () => {
  const client = new Client('127.0.0.1:9', credentials.createInsecure(), { interceptors: [meshInterceptor] });
  client.close();
});
