import { Readable } from 'node:stream';
import { runInNewContext } from 'node:vm';
import { FormData as UndiciFormData } from 'undici';
import { describe, expect, test } from 'vitest';
import { encodeForm, isForm, isRepeatable, replayableBody } from '../../../src/http/request-body.ts';

async function read(body: unknown): Promise<string> {
  let text = '';
  for await (const chunk of body as AsyncIterable<string | Uint8Array>) text += Buffer.from(chunk as string).toString();
  return text;
}

async function* generator() {
  yield 'once ';
  yield 'only';
}
function* syncGenerator() {
  yield 'once ';
  yield 'only';
}

describe('a body that is the same however often it is read', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'text'],
    ['empty text', ''],
    ['a Buffer', Buffer.from('x')],
    ['a DataView', new DataView(new ArrayBuffer(1))],
    ['an ArrayBuffer', new ArrayBuffer(1)],
    ['a Blob', new Blob(['x'])],
    ['chunks', ['a', 'b']],
  ])('%s', (_, body) => {
    expect(isRepeatable(body)).toBe(true);
    const replayable = replayableBody(body);
    expect([replayable.next(), replayable.next()]).toEqual([body, body]);
    expect(replayable.canReplay()).toBe(true);
    replayable.discard();
    expect(replayable.canReplay()).toBe(true);
  });

  test.each<[string, unknown]>([
    ['a number', 5],
    ['an object', {}],
    ['a stream', Readable.from(['x'])],
    ['a generator', generator()],
  ])('not %s', (_, body) => {
    expect(isRepeatable(body)).toBe(false);
  });
});

describe('a function', () => {
  test.each<[string, unknown]>([
    ['text', 'text'],
    ['bytes', new Uint8Array([1])],
    ['a Blob', new Blob(['x'])],
    ['chunks', ['a', 'b']],
    ['nothing', undefined],
  ])('that makes %s is called for each attempt', (_, made) => {
    let calls = 0;
    const body = replayableBody(() => {
      calls += 1;
      return made;
    });
    expect([body.next(), body.next()]).toEqual([made, made]);
    expect(calls).toBe(2);
    expect(body.canReplay()).toBe(true);
    body.discard();
    expect(calls).toBe(2);
  });

  test.each<[string, () => unknown]>([
    ['a Readable', () => Readable.from(['once ', 'only'])],
    ['a web stream', () => new Blob(['once only']).stream()],
    ['a generator', generator],
    ['an iterable', () => new Set(['once ', 'only'])],
  ])('that makes %s is called for each attempt, and can go on being called', async (_, make) => {
    const body = replayableBody(make);
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      expect(await read(body.next())).toBe('once only');
      expect(body.canReplay()).toBe(true);
    }
  });

  test('its stream is closed when the attempt did not come as far as the body', () => {
    const made: Readable[] = [];
    const body = replayableBody(() => {
      const stream = new Readable({ read() {} });
      made.push(stream);
      return stream;
    });
    body.next();
    body.next();
    expect(made.map(({ destroyed }) => destroyed)).toEqual([true, false]);
    body.discard();
    expect(made.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  });

  test.each<[unknown, string]>([
    [5, 'a number'],
    [true, 'a boolean'],
    [{}, 'a plain object'],
    [Object.create(null), 'a plain object'],
    [Promise.resolve('x'), 'a Promise'],
    [new FormData(), 'a FormData'],
    [new UndiciFormData(), 'a FormData'],
    [new URLSearchParams(), 'a URLSearchParams'],
    [() => 'x', 'a function'],
  ])('that makes what cannot be sent is told so: %s', (made, kind) => {
    expect(() => replayableBody(() => made).next()).toThrow(
      new TypeError(
        `the function for the request body returned ${kind}; it must return a string, bytes, a Blob, a stream or an iterable (a form can be replayed as it is and needs no function)`,
      ),
    );
  });

  test('that throws is heard as it is', () => {
    const mistake = new Error('no body');
    const body = replayableBody(() => {
      throw mistake;
    });
    expect(() => body.next()).toThrow(mistake);
  });
});

describe('a body that can be read once', () => {
  const sources: [string, () => unknown][] = [
    ['a Readable', () => Readable.from(['once ', 'only'])],
    ['an async generator', generator],
    ['a generator', syncGenerator],
    ['an async iterable', () => ({ [Symbol.asyncIterator]: generator })],
    ['an iterable', () => ({ [Symbol.iterator]: syncGenerator })],
  ];

  test.each(sources)('%s can be handed out until it is touched', async (_, make) => {
    const body = replayableBody(make());
    body.next();
    body.next();
    expect(body.canReplay()).toBe(true);
    expect(await read(body.next())).toBe('once only');
    expect(body.canReplay()).toBe(false);
  });

  test.each(sources)('%s stays whole when an attempt ends without having read it', async (_, make) => {
    const body = replayableBody(make());
    const first = (body.next() as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    expect(await first.return?.()).toEqual({ done: true, value: undefined });
    expect(body.canReplay()).toBe(true);
    expect(await read(body.next())).toBe('once only');
  });

  test('is ended with the attempt that has read a part of it', async () => {
    let ended = false;
    async function* source() {
      try {
        yield 'a';
        yield 'b';
      } finally {
        ended = true;
      }
    }
    const iterator = (replayableBody(source()).next() as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: 'a' });
    await iterator.return?.();
    expect(ended).toBe(true);
  });

  test('is read on where the attempt before has stopped, for it is one source', async () => {
    const body = replayableBody(generator());
    const iterator = (body.next() as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    expect(await iterator.next()).toMatchObject({ value: 'once ' });
    expect(await read(body.next())).toBe('only');
  });

  test('with an iterator that cannot be ended', async () => {
    const steps = ['a', 'b'];
    const next = () => ({ done: steps.length === 0, value: steps.shift() });
    const iterator = (replayableBody({ [Symbol.iterator]: () => ({ next }) }).next() as AsyncIterable<unknown>)[
      Symbol.asyncIterator
    ]();
    await iterator.next();
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
  });

  test('a stream that has failed is not handed out', async () => {
    const stream = new Readable({ read() {} });
    const body = replayableBody(stream);
    const mistake = new Error('my own stream');
    const heard = new Promise((resolve) => stream.on('close', resolve));
    stream.destroy(mistake);
    // Nobody but the body listens: unheard, the error would end the process.
    await heard;
    expect(() => body.next()).toThrow(mistake);
  });
});

describe('what cannot be sent is refused, never sent as something else', () => {
  test.each<[unknown, string]>([
    [{}, 'a plain object'],
    [5, 'a number'],
    [Symbol('x'), 'a symbol'],
    [Promise.resolve('x'), 'a Promise'],
  ])('at once: %s', (body, kind) => {
    expect(() => replayableBody(body)).toThrow(
      new TypeError(`the request body is ${kind}; it must be a string, bytes, a Blob, a form, a stream or an iterable`),
    );
  });

  const chunkError = (kind: string) =>
    new TypeError(
      `a chunk of the request body is ${kind}; it must be a string or bytes: nothing else can be sent as it is (JSON.stringify makes text of an object, URLSearchParams or FormData of pairs)`,
    );

  test.each<[string, unknown, string]>([
    ['a list of numbers', ['a', 5], 'a number'],
    ['a list of lists', [['a', 'b']], 'an array'],
    ['a Map', new Map([['a', 'b']]), 'an array'],
    ['a Set of objects', new Set([{}]), 'a plain object'],
    ['a Map of another realm', runInNewContext('new Map([["a", "b"]])'), 'an array'],
  ])('at once, without being read: %s', (_, body, kind) => {
    expect(() => replayableBody(body)).toThrow(chunkError(kind));
  });

  test.each<[string, () => unknown, string]>([
    ['a Readable of objects', () => Readable.from([{}]), 'a plain object'],
    ['a generator of pairs', () => new Map([['a', 'b']]).entries(), 'an array'],
    ['Headers', () => new Headers({ a: 'b' }), 'an array'],
    ['null in a generator', () => [null].values(), 'null'],
    ['undefined in a web stream', () => ReadableStream.from([undefined]), 'undefined'],
  ])('when it is read: %s', async (_, make, kind) => {
    await expect(read(replayableBody(make()).next())).rejects.toThrow(chunkError(kind));
    await expect(read(replayableBody(make).next())).rejects.toThrow(chunkError(kind));
  });

  test('a source that gave such a chunk is ended', async () => {
    const stream = Readable.from(['a', {}, 'c']);
    const body = replayableBody(stream).next();
    await expect(read(body)).rejects.toThrow(TypeError);
    expect(stream.destroyed).toBe(true);
  });
});

test('chunks of bytes are the bytes that they hold, whatever the array is called', async () => {
  const wide = new Uint16Array([0x4141, 0x4242]);
  const view = new DataView(wide.buffer, 2);
  const foreign = runInNewContext('new Uint8Array([67]).buffer');
  expect(await read(replayableBody([wide, view, wide.buffer, foreign].values()).next())).toBe('AABBBBAABBC');
});

describe('a body that was never read is closed with its request', () => {
  test('a Readable', () => {
    const stream = new Readable({ read() {} });
    replayableBody(stream).discard();
    expect(stream.destroyed).toBe(true);
  });

  test('a web stream', async () => {
    let reason: unknown = 'none';
    const stream = new ReadableStream({
      cancel(given) {
        reason = given;
      },
    });
    replayableBody(stream).discard();
    await Promise.resolve();
    expect(reason).toBeUndefined();
  });

  test('but not a web stream that somebody else reads', async () => {
    const stream = new ReadableStream({ start: (controller) => controller.enqueue('x') });
    const reader = stream.getReader();
    replayableBody(stream).discard();
    expect(await reader.read()).toEqual({ done: false, value: 'x' });
  });

  test('but not a generator, which holds nothing open', async () => {
    const source = generator();
    replayableBody(source).discard();
    expect(await source.next()).toMatchObject({ value: 'once ' });
  });

  test('nor one that was read: undici ends it', async () => {
    const stream = new Readable({ read() {}, autoDestroy: false });
    stream.push('x');
    const body = replayableBody(stream);
    await (body.next() as AsyncIterable<unknown>)[Symbol.asyncIterator]().next();
    body.discard();
    expect(stream.destroyed).toBe(false);
    stream.destroy();
  });
});

describe('forms', () => {
  test.each([
    [new URLSearchParams(), true],
    [new FormData(), true],
    [new UndiciFormData(), true],
    ['a=1', false],
    [undefined, false],
    [new Map(), false],
    [{ [Symbol.toStringTag]: 'FormData', pipe() {} }, false],
    [runInNewContext('({ [Symbol.toStringTag]: "URLSearchParams", *[Symbol.iterator]() {} })'), true],
  ])('%s: %s', (body, form) => {
    expect(isForm(body)).toBe(form);
  });

  test('pairs are encoded as fetch does', async () => {
    expect(await encodeForm(new URLSearchParams({ a: '1', b: 'ä' }))).toEqual({
      body: 'a=1&b=%C3%A4',
      contentType: 'application/x-www-form-urlencoded;charset=UTF-8',
    });
  });

  test.each([FormData, UndiciFormData])('multipart, with its boundary', async (Form) => {
    const form = new Form();
    form.set('name', 'välue');
    const { body, contentType } = await encodeForm(form as FormData);
    const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(contentType)?.[1];
    expect(boundary).toBeDefined();
    const text = Buffer.from(body as Uint8Array).toString();
    expect(text).toContain(`--${boundary}\r\nContent-Disposition: form-data; name="name"\r\n\r\nvälue\r\n`);
  });
});

describe('a source without end', () => {
  const endless = () => {
    const source = { chunks: 0, isClosed: false };
    const body = replayableBody(
      (function* () {
        try {
          for (;;) {
            source.chunks += 1;
            yield 'x';
          }
        } finally {
          source.isClosed = true;
        }
      })(),
    );
    const reader = (body.next() as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    return { source, body, reader };
  };

  test('lets timers run while it is read', async () => {
    const { source, reader } = endless();
    let isOn = true;
    setTimeout(() => {
      isOn = false;
    }, 1);
    while (isOn && source.chunks < 1_000_000) await reader.next();
    expect(source.chunks).toBeLessThan(1_000_000);
  });

  test('gives nothing more once its request has failed, and is closed', async () => {
    const { source, body, reader } = endless();
    await reader.next();
    body.discard();
    await expect(reader.next()).rejects.toThrow('the request that this body was for is over');
    expect(source).toEqual({ chunks: 1, isClosed: true });
  });
});
