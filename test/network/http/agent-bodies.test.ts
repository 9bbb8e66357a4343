import { Readable } from 'node:stream';
import { request, FormData as UndiciFormData } from 'undici';
import { describe, expect, test } from 'vitest';
import { silentLogger } from '../../../src/shared/logger.ts';
import { freePort } from '../../helpers/free-port.ts';
import { httpClients, ok } from '../../helpers/http-clients.ts';
import { once } from '../../helpers/serving.ts';
import { until } from '../../helpers/until.ts';

const { serve, agent } = httpClients();

describe('bodies', () => {
  const form = () => {
    const made = new UndiciFormData();
    made.set('name', 'value');
    made.set('file', new Blob(['content']), 'a.txt');
    return made;
  };
  const nodeForm = () => {
    const made = new FormData();
    made.set('name', 'value');
    made.set('file', new Blob(['content']), 'a.txt');
    return made;
  };

  const replayed: [string, () => unknown][] = [
    ['string', () => 'text äöü'],
    ['Buffer', () => Buffer.from('bytes')],
    ['Uint8Array', () => new TextEncoder().encode('bytes')],
    ['a long string', () => 'äbc'.repeat(50_000)],
    ['a long view into a buffer', () => new Uint8Array(new ArrayBuffer(200_000), 1_000, 100_000).fill(7)],
    ["undici's FormData", form],
    ["Node's FormData", nodeForm],
    ['DataView', () => new DataView(new TextEncoder().encode('bytes').buffer, 1)],
    ['ArrayBuffer', () => new TextEncoder().encode('bytes').buffer],
    ['URLSearchParams', () => new URLSearchParams({ a: '1', b: 'ä' })],
    ['array of chunks', () => [Buffer.from('many '), Buffer.from('chunks')]],
    ['Blob', () => new Blob(['blob'])],
    ['File', () => new File(['file'], 'a.txt', { type: 'text/plain' })],
    ['factory of a stream', () => () => Readable.from(['made ', 'anew'])],
  ];

  test.each(replayed)('%s is replayed byte for byte', async (_, make) => {
    const server = await serve(once({ do: 'reply', status: 503 }));
    const reply = await request(server.url, { method: 'PUT', body: make() as never, dispatcher: agent() });
    expect(reply.statusCode).toBe(200);
    const [first, second] = server.received;
    expect(first?.body.length).toBeGreaterThan(3);
    expect(second?.body).toEqual(first?.body);
    expect(second?.headers).toEqual(first?.headers);
  });

  async function* generator() {
    yield 'once ';
    yield 'only';
  }
  function* syncGenerator() {
    yield 'once ';
    yield 'only';
  }
  const oneShot: [string, () => unknown][] = [
    ['Readable', () => Readable.from(['once ', 'only'])],
    ['async generator', generator],
    ['generator', syncGenerator],
    ['async iterable', () => ({ [Symbol.asyncIterator]: generator })],
    ['web stream', () => new Blob(['once only']).stream()],
  ];

  test.each(oneShot)('%s is sent whole, and not repeated once it was touched', async (_, make) => {
    const server = await serve(once({ do: 'reply', status: 503, body: 'busy' }));
    const reply = await request(server.url, { method: 'PUT', body: make() as never, dispatcher: agent() });
    expect([reply.statusCode, await reply.body.text()]).toEqual([503, 'busy']);
    expect(server.received.map(({ body, complete }) => [body.toString(), complete])).toEqual([['once only', true]]);
  });

  test.each(oneShot)('%s is whole after connections that never came about', async (_, make) => {
    const port = await freePort();
    let refused = 0;
    const dispatcher = agent({ logger: { ...silentLogger, debug: () => (refused += 1) } });
    const body = make() as never;
    const pending = request(`http://127.0.0.1:${port}/`, { method: 'POST', body, dispatcher });
    await until('a refused attempt', () => refused > 0);
    const server = await serve(ok, port);
    expect((await pending).statusCode).toBe(200);
    expect(server.received.map(({ body }) => body.toString())).toEqual(['once only']);
  });

  test('an error of the body itself surfaces as it is', async () => {
    const server = await serve(ok);
    async function* broken() {
      yield 'a';
      throw new Error('my own stream');
    }
    await expect(request(server.url, { method: 'PUT', body: broken() as never, dispatcher: agent() })).rejects.toThrow(
      'my own stream',
    );
    expect(server.received.every(({ complete }) => !complete)).toBe(true);
  });
});
