import { describe, expect, test } from 'vitest';
import { isWrittenAtOnce, largeBody, paced, pacedFromBytes, withPacedBody } from '../../../src/http/paced-body.ts';

const limit = pacedFromBytes;

async function lengths(body: unknown): Promise<number[]> {
  const all: number[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) all.push(chunk.length);
  return all;
}

test.each<[string, unknown, boolean]>([
  ['nothing', undefined, true],
  ['null', null, true],
  ['text', 'x'.repeat(limit), true],
  ['long text', 'x'.repeat(limit + 1), false],
  ['bytes', new ArrayBuffer(limit), true],
  ['many bytes', new ArrayBuffer(limit + 1), false],
  ['a Blob', new Blob(['x']), false],
  ['a list', ['x'], false],
  ['a number', 5, false],
])('%s is written together with the head of its request: %3$s', (_, body, atOnce) => {
  expect(isWrittenAtOnce(body)).toBe(atOnce);
});

test('64 KB are what a socket takes at once', () => {
  expect(limit).toBe(65_536);
});

describe('which bodies are long', () => {
  test.each<[string, (bytes: number) => unknown]>([
    ['text', (bytes) => 'x'.repeat(bytes)],
    ['a Buffer', (bytes) => Buffer.alloc(bytes)],
    ['an ArrayBuffer', (bytes) => new ArrayBuffer(bytes)],
    ['a view of two-byte numbers', (bytes) => new Uint16Array(Math.ceil(bytes / 2))],
    ['a view into a longer buffer', (bytes) => new Uint8Array(new ArrayBuffer(bytes + 10), 5, bytes)],
  ])('%s', (_, make) => {
    expect(largeBody(make(limit))).toBeUndefined();
    expect(largeBody(make(limit + 2))?.byteLength).toBe(limit + 2);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 100_000],
    ['a list of chunks', ['x'.repeat(100_000)]],
    ['a Blob', new Blob(['x'.repeat(100_000)])],
  ])('not %s', (_, body) => {
    expect(largeBody(body)).toBeUndefined();
  });

  test('their bytes are those that would be sent', () => {
    const text = '€'.repeat(Math.ceil(limit / 3));
    expect(largeBody(text)?.toString()).toBe(text);
    expect(largeBody(text.slice(1))).toBeUndefined();
    const view = new Uint8Array(new ArrayBuffer(limit + 10), 5, limit + 1).fill(7);
    expect(largeBody(view)).toEqual(view);
    expect(largeBody(view.buffer)?.byteLength).toBe(limit + 10);
  });
});

describe('chunks', () => {
  test('that are long are cut, in order and without loss', async () => {
    const long = Uint8Array.from({ length: 2 * limit + 1 }, (_, at) => at % 251);
    const pieces: Uint8Array[] = [];
    for await (const piece of paced([long, long.subarray(0, limit)])) pieces.push(piece as Uint8Array);
    expect(pieces.map(({ length }) => length)).toEqual([limit, limit, 1, limit]);
    expect(await lengths(paced([long.subarray(0, 2 * limit)]))).toEqual([limit, limit]);
    expect(Buffer.concat(pieces.slice(0, 3))).toEqual(Buffer.from(long));
  });

  test('that are short, or no bytes at all, are passed on as they are', async () => {
    const chunks = ['a', Buffer.from('b'), 5, undefined];
    const passed: unknown[] = [];
    for await (const chunk of paced(chunks)) passed.push(chunk);
    expect(passed).toEqual(chunks);
  });
});

describe('the options of one attempt', () => {
  const options = { path: '/', method: 'PUT' as const, headers: { a: '1' } };

  test('with a long body announce its length', async () => {
    const made = withPacedBody(options, 'x'.repeat(limit + 1));
    expect(made).toMatchObject({ path: '/', method: 'PUT', headers: ['a', '1', 'content-length', String(limit + 1)] });
    expect(await lengths(made.body)).toEqual([limit, 1]);
  });

  test("keep the caller's own length", () => {
    const own = { ...options, headers: { 'Content-Length': String(limit + 1) } };
    expect(withPacedBody(own, 'x'.repeat(limit + 1)).headers).toBe(own.headers);
  });

  test.each<[unknown]>([['text'], [undefined], [Buffer.from('x')]])('with %s have it as it is', (body) => {
    const made = withPacedBody(options, body);
    expect(made.body).toBe(body);
    expect(made.headers).toBe(options.headers);
  });

  test('with a Blob announce its length and its type, and pace it', async () => {
    const made = withPacedBody(options, new Blob(['x'.repeat(limit + 1)], { type: 'text/plain' }));
    expect(made.headers).toEqual(['a', '1', 'content-length', String(limit + 1), 'content-type', 'text/plain']);
    expect((await lengths(made.body)).every((length) => length <= limit)).toBe(true);
    expect(withPacedBody(options, new Blob(['x'])).headers).toEqual(['a', '1', 'content-length', '1']);
    const own = { ...options, headers: { 'Content-Type': 'text/mine', 'Content-Length': '1' } };
    expect(withPacedBody(own, new Blob(['x'], { type: 'text/plain' })).headers).toBe(own.headers);
  });

  test('with a list of chunks have them in order', async () => {
    expect(await lengths(withPacedBody(options, ['a', 'bc']).body)).toEqual([1, 2]);
  });

  test('with a stream of long chunks pace them, without a length', async () => {
    const made = withPacedBody(options, new Set([Buffer.alloc(limit + 1)]));
    expect(made.headers).toBe(options.headers);
    expect(await lengths(made.body)).toEqual([limit, 1]);
  });
});
