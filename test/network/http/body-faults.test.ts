import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { describe, expect, test } from 'vitest';
import { createMeshAgent, createMeshFetch, type MeshRetryOptions } from '../../../src/http/index.ts';
import { freePort } from '../../helpers/free-port.ts';
import { inlineProgram } from '../../helpers/inline-program.ts';
import { runCommand } from '../../helpers/run-shim.ts';
import { once, serving } from '../../helpers/serving.ts';
import { until } from '../../helpers/until.ts';

const { serve, atEnd } = serving();

/** Both clients, with the error that counts: fetch wraps it. */
const clients = {
  async request(url: string, method: 'POST' | 'PUT', body: unknown, options: MeshRetryOptions = {}): Promise<number> {
    const dispatcher = createMeshAgent({ backoffBaseMs: 5, arrivalBaseMs: 5, arrivalCapMs: 20, ...options });
    atEnd(() => dispatcher.destroy());
    return (await request(url, { method, body: body as never, dispatcher })).statusCode;
  },
  async meshFetch(url: string, method: 'POST' | 'PUT', body: unknown, options: MeshRetryOptions = {}): Promise<number> {
    const dispatcher = new Agent();
    atEnd(() => dispatcher.destroy());
    const fetch = createMeshFetch({ backoffBaseMs: 5, arrivalBaseMs: 5, arrivalCapMs: 20, dispatcher, ...options });
    return fetch(url, { method, body: body as never }).then(
      ({ status }) => status,
      (error: Error) => {
        throw error.message === 'fetch failed' ? error.cause : error;
      },
    );
  },
} as const;

const ufReply = {
  do: 'early reply',
  status: 503,
  headers: { server: 'envoy' },
  body: 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure',
} as const;
const mb16 = Buffer.alloc(16 * 1024 * 1024, 'x');

describe.each(Object.keys(clients) as (keyof typeof clients)[])('%s', (name) => {
  const call = clients[name];

  test.each<[string, () => unknown]>([
    ['a string', () => 'x'.repeat(mb16.length)],
    ['a typed array', () => new Float64Array(mb16.buffer, mb16.byteOffset, 1024 * 1024)],
    ['an array of chunks', () => [mb16]],
    ['a Blob', () => new Blob([mb16])],
    ['a function that returns a Buffer', () => () => mb16],
    ['a function that returns a Blob', () => () => new Blob([mb16])],
    ['a function that returns a Readable of one chunk', () => () => Readable.from([mb16])],
  ])('an early reply to 16 MB in %s is not followed by a second upload', async (_, make) => {
    const server = await serve(once(ufReply));
    await call(server.url, 'POST', make()).catch(() => {});
    expect(server.received).toHaveLength(1);
  });

  test('a file that cannot be opened is an error of the request, not the end of the process', async () => {
    const server = await serve(() => ({ do: 'reply' }));
    await expect(call(server.url, 'POST', createReadStream('/no/such/file'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(server.received.filter(({ complete }) => complete)).toEqual([]);
  });

  test('a stream that fails while no connection comes about ends the wait with its own error', async () => {
    let failed = 0;
    const logger = { debug: () => (failed += 1), info() {}, warn() {}, error() {} };
    const stream = new Readable({ read() {} });
    const pending = call(`http://127.0.0.1:${await freePort()}/`, 'POST', stream, { logger });
    pending.catch(() => {});
    await until('a refused attempt', () => failed > 0);
    stream.destroy(new Error('my own stream'));
    await expect(pending).rejects.toThrow('my own stream');
  });

  test('a stream that was never read is closed when the request is given up', async () => {
    const stream = createReadStream(new URL(import.meta.url));
    const closed = new Promise<void>((resolve) => stream.on('close', () => resolve()));
    const nobody = `http://127.0.0.1:${await freePort()}/`;
    await expect(call(nobody, 'POST', stream, { deadlineMs: 100 })).rejects.toMatchObject({ neverSent: true });
    await closed;
  });

  test('a function that throws in a retry is an error of the request', async () => {
    const server = await serve(() => ({ do: 'reply', status: 503 }));
    let calls = 0;
    const body = () => {
      calls += 1;
      if (calls > 1) throw new Error('no second body');
      return 'first';
    };
    await expect(call(server.url, 'PUT', body)).rejects.toThrow('no second body');
    expect(server.received).toHaveLength(1);
  });

  test.each<[string, () => unknown]>([
    ['a Map', () => new Map([['a', 'b']])],
    ['a list of lists', () => [['a', 'b']]],
    ['a list of objects', () => [{ a: 'b' }]],
    ['a Readable of objects', () => Readable.from([{ a: 'b' }])],
    ['a generator of numbers', () => [1, 2].values()],
    ['Headers', () => new Headers({ a: 'b' })],
    ['a function that returns pairs', () => () => Object.entries({ a: 'b' })],
    ['a function that returns a Readable of objects', () => () => Readable.from([{ a: 'b' }])],
    ['an object', () => ({ a: 'b' })],
    ['a form of the package form-data', () => ({ [Symbol.toStringTag]: 'FormData', pipe() {}, on() {} })],
  ])('%s is refused with a TypeError, and no byte of it is sent', async (_, make) => {
    const server = await serve(() => ({ do: 'reply' }));
    const error = await call(server.url, 'PUT', make()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(/^(a chunk of )?the request body is /);
    expect(server.received).toHaveLength(0);
  });

  test('nothing of a wrong chunk is sent after right ones', async () => {
    const server = await serve(() => ({ do: 'reply' }));
    await expect(call(server.url, 'PUT', Readable.from(['right', ['w', 'r']]))).rejects.toThrow(TypeError);
    expect(server.received.filter(({ complete }) => complete)).toHaveLength(0);
  });

  test.each<[string, () => unknown]>([
    ['a FormData', () => new FormData()],
    ['a URLSearchParams', () => new URLSearchParams('a=1')],
    ['a Promise', () => Promise.resolve('text')],
    ['a number', () => 5],
  ])('a function that returns %s is told what to return', async (kind, body) => {
    const server = await serve(() => ({ do: 'reply' }));
    await expect(call(server.url, 'PUT', body)).rejects.toThrow(
      `the function for the request body returned ${kind}; it must return a string, bytes, a Blob, a stream or an iterable`,
    );
    expect(server.received).toHaveLength(0);
  });
});

// In a process of its own: where it fails, no timer of the test would run.
test('a body without end does not outlive its request, nor keep anything else from running', async () => {
  const { command, cwd } = inlineProgram(`
    import { createServer } from 'node:net';
    import { once } from 'node:events';
    import { createMeshFetch, silentLogger as logger } from 'mesh-shim';
    const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = 'http://127.0.0.1:' + silent.address().port;
    let chunks = 0;
    const endless = function* () {
      for (;;) {
        chunks += 1;
        if (chunks > 500_000) process.exit(1);
        yield 'x'.repeat(1_000);
      }
    };
    const clients = [createMeshFetch({ logger, deadlineMs: 400 }), createMeshFetch({ logger, deadlineMs: 400, fetch })];
    for (const client of [...clients, ...clients]) {
      const error = await client(url, { method: 'POST', body: endless(), signal: AbortSignal.timeout(50) }).catch((e) => e);
      console.log(error.name);
    }
    const before = chunks;
    await new Promise((resolve) => setTimeout(resolve, 100));
    // One that was under way when the request failed may still come; what reads on reads thousands.
    console.log(chunks - before <= 1);
    process.exit();`);
  const program = runCommand(command, { cwd });
  expect(await program.ended).toEqual({ code: 0, signal: null });
  expect(program.stdout()).toBe(`${'TimeoutError\n'.repeat(4)}true\n`);
});
