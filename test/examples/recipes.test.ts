import { credentials, makeGenericClientConstructor, Server, ServerCredentials } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { meshAxios } from '../../examples/recipes/axios.ts';
import { meshGot } from '../../examples/recipes/got.ts';
import { meshCall } from '../../examples/recipes/grpc.ts';
import { meshKy } from '../../examples/recipes/ky.ts';
import { freePort } from '../helpers/free-port.ts';
import { once, serving } from '../helpers/serving.ts';

const { serve } = serving();

const got = meshGot();
const ky = meshKy();
const axios = meshAxios();
const ufReply = {
  do: 'reply',
  status: 503,
  headers: { server: 'envoy', 'content-type': 'text/plain' },
  body: 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure',
} as const;

const clients: [string, (url: string, method: 'GET' | 'POST') => Promise<number>][] = [
  ['got', async (url, method) => (await got(url, { method, ...(method === 'POST' ? { body: 'x' } : {}) })).statusCode],
  ['ky', async (url, method) => (await ky(url, { method, ...(method === 'POST' ? { body: 'x' } : {}) })).status],
  [
    'axios',
    async (url, method) => (await axios.request({ url, method, data: method === 'POST' ? 'x' : undefined })).status,
  ],
];

describe.each(clients)('%s', (_, call) => {
  test('GET is repeated on 503', async () => {
    const server = await serve(once({ do: 'reply', status: 503 }));
    expect(await call(`${server.url}/`, 'GET')).toBe(200);
    expect(server.received).toHaveLength(2);
  });

  test('POST is not repeated on 503', async () => {
    const server = await serve(once({ do: 'reply', status: 503 }));
    await expect(call(`${server.url}/`, 'POST')).rejects.toThrow();
    expect(server.received).toHaveLength(1);
  });

  test('POST read and then reset is not repeated', async () => {
    const server = await serve(once({ do: 'reset' }));
    await expect(call(`${server.url}/`, 'POST')).rejects.toThrow();
    expect(server.received).toHaveLength(1);
  });

  test.each([
    ['to where the own sidecar cannot connect', async () => '/orders/1'],
    ['to where nobody listens', async () => `http://127.0.0.1:${await freePort()}/`],
  ])(
    'POST that is answered by a redirect %s is not repeated',
    async (_, target) => {
      const location = await target();
      const server = await serve(({ method }) =>
        method === 'POST' ? { do: 'reply', status: 303, headers: { location } } : ufReply,
      );
      await expect(call(`${server.url}/`, 'POST')).rejects.toThrow();
      expect(server.received.filter(({ method }) => method === 'POST')).toHaveLength(1);
    },
    30_000,
  );

  test('POST is repeated where the own sidecar could not connect', async () => {
    const server = await serve(once(ufReply));
    expect(await call(`${server.url}/`, 'POST')).toBe(200);
    expect(server.received.map(({ body }) => body.toString())).toEqual(['x', 'x']);
  });
});

describe('grpc-js', () => {
  const codec = { serialize: (text: string) => Buffer.from(text), deserialize: (bytes: Buffer) => bytes.toString() };
  const methods = {
    say: {
      path: '/test.Echo/Say',
      requestStream: false,
      responseStream: false,
      requestSerialize: codec.serialize,
      requestDeserialize: codec.deserialize,
      responseSerialize: codec.serialize,
      responseDeserialize: codec.deserialize,
    },
  } as const;
  const Client = makeGenericClientConstructor(methods, 'Echo');

  async function startServer(port: number, reply: (done: (error: unknown, text?: string) => void) => void) {
    const server = new Server();
    server.addService(methods, {
      say: (_: unknown, done: (error: unknown, text?: string) => void) => reply(done),
    } as never);
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) =>
        error ? reject(error) : resolve(),
      );
    });
    return server;
  }

  test('a call waits for a server, and an answer of the application is not repeated', async () => {
    const port = await freePort();
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      'grpc.initial_reconnect_backoff_ms': 50,
      'grpc.max_reconnect_backoff_ms': 100,
    });
    let calls = 0;
    const say = () => meshCall<string>((done) => client.say?.('hi', done), { attempts: 30 });
    const pending = say();
    const server = await startServer(port, (done) => {
      calls += 1;
      done(calls === 1 ? null : { code: 14, details: 'busy' }, 'hello');
    });
    expect(await pending).toBe('hello');
    await expect(say()).rejects.toMatchObject({ code: 14, details: 'busy' });
    expect(calls).toBe(2);
    client.close();
    server.forceShutdown();
  });
});
