import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { describe, expect, test } from 'vitest';
import { createMeshAgent, createMeshFetch } from '../../../src/http/index.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { frameServerCertificate as ca, type Stream, startFrameServer } from '../../helpers/http2-frames.ts';
import { serving } from '../../helpers/serving.ts';

const { atEnd } = serving();
const options = { backoffBaseMs: 5, arrivalBaseMs: 5, deadlineMs: 5_000, logger: silentLogger };

async function play(answer: (stream: Stream, connection: number) => void) {
  const server = await startFrameServer(answer);
  atEnd(() => server.close());
  return server;
}
const whole = (stream: Stream) => {
  stream.head();
  stream.data('whole', true);
};

type Method = 'GET' | 'POST';
const init = (method: Method) => (method === 'POST' ? { method, body: 'order' } : { method });
const clients = {
  request: async (url: string, method: Method) => {
    const dispatcher = createMeshAgent({ ...options, agent: { allowH2: true, connect: { ca } } });
    atEnd(() => dispatcher.destroy());
    return (await request(url, { ...init(method), dispatcher })).body.text();
  },
  meshFetch: async (url: string, method: Method) => {
    const dispatcher = new Agent({ connect: { ca } });
    atEnd(() => dispatcher.destroy());
    const reply = await createMeshFetch({ ...options, dispatcher })(url, init(method));
    return reply.text().catch((error: Error) => Promise.reject(error.cause));
  },
};

describe.each(Object.entries(clients))('HTTP/2, frame by frame, with %s', (name, ask) => {
  test('a whole reply', async () => {
    expect(await ask((await play(whole)).url, 'POST')).toBe('whole');
  });

  test.each([
    ['PROTOCOL_ERROR', 1],
    ['INTERNAL_ERROR', 2],
    ['REFUSED_STREAM', 7],
    ['ENHANCE_YOUR_CALM', 11],
  ])('a reply that is cut with %s breaks off', async (_, code) => {
    const server = await play((stream) => {
      stream.head();
      stream.data('half');
      stream.reset(code);
    });
    await expect(ask(server.url, 'GET')).rejects.toMatchObject({ code: 'MESH_INTERRUPTED' });
    expect(server.streams).toBe(1);
  });

  test.each([
    ['NO_ERROR', 0],
    ['CANCEL', 8],
  ])(
    'one that is cut with %s passes for whole: why a mesh agent speaks HTTP/1.1 unless it is told',
    async (_, code) => {
      const server = await play((stream) => {
        stream.head();
        stream.data('half');
        stream.reset(code);
      });
      expect(await ask(server.url, 'GET')).toBe('half');
    },
  );

  test('a stream that is cancelled before its head: a GET is repeated, a POST is not', async () => {
    const script = () => {
      let asked = 0;
      return (stream: Stream) => {
        asked += 1;
        if (asked === 1) stream.reset(8);
        else whole(stream);
      };
    };
    expect(await ask((await play(script())).url, 'GET')).toBe('whole');
    const server = await play(script());
    await expect(ask(server.url, 'POST')).rejects.toMatchObject({ code: 'MESH_INTERRUPTED', neverSent: false });
    expect(server.streams).toBe(1);
  });

  test('a server that refuses each stream: a POST is not sent for ever, and never said to have been processed wrongly', async () => {
    const server = await play((stream) => stream.reset(7));
    await expect(ask(server.url, 'POST')).rejects.toMatchObject({ code: expect.stringMatching(/^MESH_/) });
    expect(server.streams).toBeLessThanOrEqual(4);
  });

  describe.each([
    ['NO_ERROR', 0],
    ['INTERNAL_ERROR', 2],
  ])('a GOAWAY with %s and last stream 0', (_, code) => {
    const once = (stream: Stream, connection: number) => {
      if (connection > 1) return whole(stream);
      stream.goAway(0, code);
      stream.close();
    };
    test('a GET is repeated', async () => {
      expect(await ask((await play(once)).url, 'GET')).toBe('whole');
    });

    test('a POST is sent once more by undici, or surfaces where its body is a stream', async () => {
      const server = await play(once);
      if (name === 'request') expect(await ask(server.url, 'POST')).toBe('whole');
      else await expect(ask(server.url, 'POST')).rejects.toMatchObject({ code: 'MESH_INTERRUPTED' });
    });
  });

  test('a GOAWAY after which this stream is answered is none to it', async () => {
    const server = await play((stream) => {
      stream.goAway(stream.id, 0);
      whole(stream);
      stream.close();
    });
    expect(await ask(server.url, 'POST')).toBe('whole');
    expect(server.streams).toBe(1);
  });

  test('one after which the connection closes instead: a POST surfaces, for it may have been processed', async () => {
    const server = await play((stream) => {
      stream.goAway(stream.id, 0);
      stream.close();
    });
    await expect(ask(server.url, 'POST')).rejects.toMatchObject({ code: 'MESH_INTERRUPTED', neverSent: false });
    expect(server.streams).toBe(1);
  });
});

test.each([
  [undefined, '1.1'],
  [true, '2.0'],
])('a mesh agent with allowH2: %s speaks HTTP/%s to who offers both', async (allowH2, version) => {
  const key = readFileSync(new URL('../../fixtures/tls/key.pem', import.meta.url));
  const server = createSecureServer({ key, cert: ca, allowHTTP1: true }, (incoming, reply) =>
    reply.end(incoming.httpVersion),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = { connect: { ca }, ...(allowH2 === undefined ? {} : { allowH2 }) };
  const dispatcher = createMeshAgent({ ...options, agent });
  const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
  expect(await (await request(url, { dispatcher })).body.text()).toBe(version);
  expect(await (await createMeshFetch({ ...options, dispatcher })(url)).text()).toBe(version);
  await dispatcher.destroy();
  server.close();
});
