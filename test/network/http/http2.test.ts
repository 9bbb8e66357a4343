import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createSecureServer, constants as http2, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { createMeshAgent, createMeshFetch, MeshInterruptedError } from '../../../src/http/index.ts';

// Undici speaks HTTP/2 where the server offers it in the TLS handshake; a mesh agent only when it is told to.

const file = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url));
const cert = file('cert.pem');
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** The first request, read whole, meets the fault; the others are answered. */
async function serve(fault: (stream: ServerHttp2Stream) => void) {
  const received: string[] = [];
  const server = createSecureServer({ key: file('key.pem'), cert });
  server.on('session', (session) => {
    session.on('error', () => {});
    cleanups.push(() => session.destroy());
  });
  server.on('stream', (stream, headers) => {
    let body = '';
    stream.on('error', () => {}); // faults are what this server is for
    stream.on('data', (chunk) => (body += chunk));
    stream.on('end', () => {
      received.push(`${headers[':method']} ${body.length}`);
      if (received.length === 1) fault(stream);
      else {
        stream.respond({ ':status': 200 });
        stream.end('ok');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  return { url: `https://localhost:${(server.address() as AddressInfo).port}/`, received };
}

const policy = { backoffBaseMs: 5, arrivalBaseMs: 5 };
const body = 'x'.repeat(200_000);

const clients = {
  request: (url: string, method: 'POST' | 'PUT') => {
    const dispatcher = createMeshAgent({ ...policy, agent: { allowH2: true, connect: { ca: cert } } });
    cleanups.push(() => dispatcher.destroy());
    return request(url, { method, body, dispatcher }).then(async (reply) => {
      await reply.body.dump();
      return reply.statusCode;
    });
  },
  meshFetch: (url: string, method: 'POST' | 'PUT') => {
    const dispatcher = new Agent({ connect: { ca: cert } });
    cleanups.push(() => dispatcher.destroy());
    return createMeshFetch({ ...policy, dispatcher })(url, { method, body }).then(({ status }) => status);
  },
} as const;

const faults = {
  'a stream that is reset': (stream: ServerHttp2Stream) => stream.close(http2.NGHTTP2_INTERNAL_ERROR),
  'a stream that is cancelled': (stream: ServerHttp2Stream) => stream.close(http2.NGHTTP2_CANCEL),
  'a session that ends': (stream: ServerHttp2Stream) => stream.session?.destroy(),
};

describe.each(Object.keys(clients) as (keyof typeof clients)[])('HTTP/2 with %s', (client) => {
  test.each(Object.entries(faults))('%s: PUT is repeated, POST is not', async (_, fault) => {
    const first = await serve(fault);
    expect(await clients[client](first.url, 'PUT')).toBe(200);
    expect(first.received).toEqual(['PUT 200000', 'PUT 200000']);

    const second = await serve(fault);
    const error = await clients[client](second.url, 'POST').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MeshInterruptedError);
    expect(error).toMatchObject({ neverSent: false, gaveUp: 'not idempotent', attempts: 1 });
    expect(second.received).toEqual(['POST 200000']);
  });

  test('a refused stream has not been touched: even a POST is repeated, once', async () => {
    const server = await serve((stream) => stream.close(http2.NGHTTP2_REFUSED_STREAM));
    expect(await clients[client](server.url, 'POST')).toBe(200);
    expect(server.received).toHaveLength(2);
  });
});
