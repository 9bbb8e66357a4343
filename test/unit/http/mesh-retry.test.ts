import { FormData as UndiciFormData } from 'undici';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type MeshRetryOptions, meshRetry } from '../../../src/http/index.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { RecordingHandler } from '../../helpers/recording-handler.ts';
import { type AttemptScript, networkError, ScriptedTransport } from '../../helpers/scripted-transport.ts';
import { turns } from '../../helpers/turns.ts';

// Pauses pass at once; what encodes a form is real.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** Turns of the event loop, for what is encoded, and then every pause. */
async function untilOver(): Promise<void> {
  await turns();
  vi.runAllTimers();
}

const ok: AttemptScript = (attempt) => attempt.reply(200, {}, 'ok');
const busyOnce: AttemptScript = (attempt, number) => attempt.reply(number === 1 ? 503 : 200);

function send(request: object, script: AttemptScript = ok, options: MeshRetryOptions = {}) {
  const transport = new ScriptedTransport(script);
  const dispatcher = transport.compose(meshRetry({ backoffBaseMs: 0, logger: silentLogger, ...options }));
  const handler = new RecordingHandler();
  const sent = { origin: 'http://orders.test', path: '/', method: 'PUT', ...request };
  const accepted = dispatcher.dispatch(sent as never, handler);
  return { transport, handler, accepted };
}

const bodiesOf = ({ attempts }: ScriptedTransport) => attempts.map(({ options }) => options.body);

describe('what has no reply to judge goes straight to the transport', () => {
  test.each([
    ['a tunnel', { method: 'CONNECT' }],
    ['an upgrade', { method: 'GET', upgrade: 'websocket' }],
    ['a request without an origin, which the transport has itself', { origin: undefined }],
  ])('%s', (_, request) => {
    const { transport, handler } = send(request, () => {});
    transport.last.fail(networkError('ECONNREFUSED'));
    expect(transport.attempts).toHaveLength(1);
    expect(handler.error).toMatchObject({ code: 'ECONNREFUSED' });
    expect(transport.last.options).toMatchObject(request);
  });
});

describe('a body', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'text'],
    ['64 KB', 'x'.repeat(64 * 1024)],
  ])('that is the same each time is handed on as it is: %s', async (_, body) => {
    const { transport } = send({ body }, busyOnce);
    await untilOver();
    expect(transport.attempts).toHaveLength(2);
    expect(bodiesOf(transport)).toEqual([body, body]);
    // Nothing is made anew where nothing has to be.
    expect(transport.attempts[1]?.options).toBe(transport.attempts[0]?.options);
  });

  test('that is long is sent piece by piece, each time', async () => {
    const long = 'x'.repeat(64 * 1024 + 1);
    const { transport } = send({ body: long }, busyOnce);
    await untilOver();
    expect(transport.attempts).toHaveLength(2);
    for (const { options } of transport.attempts) {
      expect(options.headers).toEqual(['content-length', String(long.length)]);
      const chunks: Buffer[] = [];
      for await (const chunk of options.body as never as AsyncIterable<Buffer>) chunks.push(chunk);
      expect(chunks.map(({ length }) => length)).toEqual([64 * 1024, 1]);
    }
  });

  test('that is a function is called for each attempt', async () => {
    const bodies = ['first', 'second'];
    const { transport } = send({ body: () => bodies.shift() }, busyOnce);
    await untilOver();
    expect(transport.attempts).toHaveLength(2);
    expect(bodiesOf(transport)).toEqual(['first', 'second']);
  });
});

describe('a form is encoded once, for all attempts', () => {
  test('pairs', async () => {
    const { transport, accepted } = send({ body: new URLSearchParams({ a: '1', b: 'ä' }) }, busyOnce);
    expect(accepted).toBe(true);
    await untilOver();
    expect(transport.attempts).toHaveLength(2);
    expect(bodiesOf(transport)).toEqual(['a=1&b=%C3%A4', 'a=1&b=%C3%A4']);
    expect(transport.last.options.headers).toEqual(['content-type', 'application/x-www-form-urlencoded;charset=UTF-8']);
  });

  test.each([FormData, UndiciFormData])('multipart, whoever made it', async (Form) => {
    const form = new Form();
    form.set('name', 'value');
    const { transport, handler } = send({ body: form, headers: { a: '1' } }, busyOnce);
    await untilOver();
    expect(transport.attempts).toHaveLength(2);
    const [first, second] = bodiesOf(transport) as [Uint8Array, Uint8Array];
    expect(Buffer.from(first).toString()).toContain('value');
    expect(second).toEqual(first);
    expect(transport.last.options.headers).toEqual([
      ...['a', '1'],
      ...['content-type', expect.stringMatching(/^multipart\/form-data; boundary=/)],
    ]);
    expect(handler.names.at(-1)).toBe('end');
  });

  test("the caller's own content type stays", async () => {
    const headers = { 'Content-Type': 'text/mine' };
    const { transport } = send({ body: new URLSearchParams('a=1'), headers });
    await untilOver();
    expect(transport.attempts).toHaveLength(1);
    expect(transport.last.options.headers).toEqual(headers);
  });

  test('one that cannot be encoded is an error of the request', async () => {
    const broken = new URLSearchParams();
    broken.toString = () => {
      throw new Error('broken form');
    };
    const { transport, handler } = send({ body: broken });
    await untilOver();
    expect(handler.error).toMatchObject({ message: 'broken form' });
    expect(transport.attempts).toHaveLength(0);
  });
});

describe('options of one request', () => {
  const lost: AttemptScript = (attempt) => attempt.connect().sent().fail(networkError('ECONNRESET'));

  test('are laid over those of the client', () => {
    const { handler } = send({ meshRetry: { maxRetries: 0 } }, lost, { failedReplies: 'throw' });
    expect(handler.error).toMatchObject({ attempts: 1, gaveUp: 'retries used up' });
  });

  test('are checked', () => {
    expect(() => send({ meshRetry: { maxRetries: -1 } })).toThrow('maxRetries');
  });

  test("the client's are checked when it is made", () => {
    expect(() => meshRetry({ maxRetries: -1 })).toThrow('maxRetries');
  });
});

test('an origin may be a URL', () => {
  const { handler } = send(
    { origin: new URL('http://orders.test/ignored'), method: 'POST', path: '/a?secret' },
    (attempt) => attempt.connect().sent().fail(networkError('ECONNRESET')),
  );
  expect(handler.error).toMatchObject({ url: 'http://orders.test/a' });
});

test('a handler of the older interface is served by it', async () => {
  const calls: unknown[] = [];
  const transport = new ScriptedTransport(busyOnce);
  const dispatcher = transport.compose(meshRetry({ backoffBaseMs: 0, logger: silentLogger }));
  const handler = {
    onConnect: () => calls.push('connect'),
    onHeaders: (status: number) => calls.push(status),
    onData: () => true,
    onComplete: () => calls.push('complete'),
    onError: (error: Error) => calls.push(error),
  };
  dispatcher.dispatch({ origin: 'http://orders.test', path: '/', method: 'GET' }, handler as never);
  await untilOver();
  expect(calls).toEqual(['connect', 200, 'complete']);
});
