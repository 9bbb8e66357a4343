import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createMeshAgent,
  createMeshFetch,
  httpChannels,
  type MeshFetchInit,
  type MeshFetchOptions,
} from '../../../src/http/index.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { type AttemptScript, networkError, ScriptedTransport } from '../../helpers/scripted-transport.ts';
import { turns } from '../../helpers/turns.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => {
  // However a request has ended, it leaves nothing behind.
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const url = 'http://orders.test/a?token=secret';
const ownUf = 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure';
const lost = () => networkError('ECONNRESET');
const refused = () => networkError('ECONNREFUSED');
const hangs: AttemptScript = (attempt) => attempt.connect().sent();

/** A request that is under way, and what has come of it so far. */
async function start(script: AttemptScript, init: MeshFetchInit = {}, options: MeshFetchOptions = {}) {
  const transport = new ScriptedTransport(script);
  const fetch = createMeshFetch({ dispatcher: transport, logger: silentLogger, backoffBaseMs: 0, ...options });
  const outcome: { response?: Response; error?: unknown } = {};
  const pending = fetch(url, init).then(
    (response) => void Object.assign(outcome, { response }),
    (error: unknown) => void Object.assign(outcome, { error }),
  );
  await turns();
  return {
    transport,
    outcome,
    /** Lets time pass, and what it brings come to rest. */
    async pass(ms: number) {
      vi.advanceTimersByTime(ms);
      await turns();
    },
    /** To the end, through all pauses. */
    async ended() {
      for (let step = 0; step < 10 && outcome.response === undefined && outcome.error === undefined; step += 1) {
        vi.advanceTimersToNextTimer();
        await turns();
      }
      await pending;
      return outcome;
    },
  };
}

describe('a reply', () => {
  test('is handed on as it is', async () => {
    const { outcome, transport } = await start((attempt) => attempt.reply(201, { a: '1' }, 'made'));
    expect(outcome.response?.status).toBe(201);
    expect(outcome.response?.headers.get('a')).toBe('1');
    expect(await outcome.response?.text()).toBe('made');
    expect(transport.attempts).toHaveLength(1);
  });

  test.each([399, 400, 404, 500])('of status %i is not repeated', async (status) => {
    const { outcome, transport } = await start((attempt) => attempt.reply(status, {}, 'x'));
    expect(outcome.response?.status).toBe(status);
    expect(transport.attempts).toHaveLength(1);
  });

  test('that may pass is repeated, and whole when it surfaces', async () => {
    const { ended, transport } = await start((attempt) => attempt.reply(503, {}, 'busy'));
    const { response } = await ended();
    expect([response?.status, await response?.text()]).toEqual([503, 'busy']);
    expect(transport.attempts).toHaveLength(3);
  });

  test('is judged by its words, which Envoy writes', async () => {
    const script: AttemptScript = (attempt, number) =>
      number === 1 ? attempt.reply(503, { server: 'envoy' }, ownUf) : attempt.reply(200);
    const { ended } = await start(script, { method: 'POST' });
    expect((await ended()).response?.status).toBe(200);
  });

  test('that overtakes its request proves nothing', async () => {
    const early: AttemptScript = (attempt) =>
      attempt
        .connect()
        .head(503, { server: 'envoy', 'content-length': String(ownUf.length) })
        .data(ownUf)
        .end();
    const { ended, transport } = await start(early, { method: 'POST' });
    expect((await ended()).response?.status).toBe(503);
    expect(transport.attempts).toHaveLength(1);
  });

  test('whose body is long is not read before it is repeated, and its connection is given up', async () => {
    const script: AttemptScript = (attempt, number) =>
      number === 1 ? attempt.connect().sent().head(503).data('a part') : attempt.reply(200);
    const { ended, transport } = await start(script);
    expect((await ended()).response?.status).toBe(200);
    expect(transport.attempts[0]?.aborted).toBe(true);
  });

  test('to HEAD is repeated unread', async () => {
    const script: AttemptScript = (attempt, number) =>
      attempt
        .connect()
        .sent()
        .head(number === 1 ? 503 : 200, { 'content-length': '4' })
        .end();
    const { ended } = await start(script, { method: 'HEAD' });
    expect((await ended()).response?.status).toBe(200);
  });

  test('that breaks off while it is looked at is a lost one', async () => {
    const script: AttemptScript = (attempt, number) => {
      if (number === 1) attempt.connect().sent().head(503, { 'content-length': '4' }).data('bu');
      else attempt.reply(200);
    };
    const { ended, transport } = await start(script);
    transport.last.fail(lost());
    await turns();
    expect((await ended()).response?.status).toBe(200);
    expect(transport.attempts).toHaveLength(2);
  });

  test('that breaks off while the caller reads it tells what is known of its request', async () => {
    const { outcome, transport } = await start((attempt) => attempt.connect().sent().head(200).data('ha'));
    const text = outcome.response?.text().catch((error: unknown) => error);
    transport.last.fail(lost());
    const error = (await text) as Error;
    expect(error).toBeInstanceOf(TypeError);
    expect(error.cause).toMatchObject({ code: 'MESH_INTERRUPTED', neverSent: false, attempts: 1, cause: lost() });
  });

  test("is not said to be lost where the fault is another's", async () => {
    const { outcome, transport } = await start((attempt) => attempt.connect().sent().head(200));
    const text = outcome.response?.text().catch((error: unknown) => error);
    const parser = new Error('the parser gave up');
    transport.last.fail(parser);
    expect(((await text) as Error).cause).toBe(parser);
  });

  test('as an error, where that is asked for', async () => {
    const { ended, transport } = await start(
      (attempt) => attempt.reply(503, { a: '1' }, 'busy'),
      {},
      {
        failedReplies: 'throw',
        maxRetries: 1,
      },
    );
    expect((await ended()).error).toMatchObject({
      code: 'MESH_REPLY',
      status: 503,
      body: 'busy',
      headers: { a: '1' },
      attempts: 2,
      gaveUp: 'retries used up',
    });
    expect(transport.attempts).toHaveLength(2);
  });

  test('as an error has no body where that is long, and nobody reads it on', async () => {
    const { ended, transport } = await start(
      (attempt) => attempt.connect().sent().head(503),
      { method: 'POST' },
      {
        failedReplies: 'throw',
      },
    );
    expect((await ended()).error).toMatchObject({ code: 'MESH_REPLY', body: undefined });
    expect(transport.last.aborted).toBe(true);
  });
});

describe('a failed attempt', () => {
  test('is repeated after its pause, and not before', async () => {
    vi.spyOn(Math, 'random').mockReturnValueOnce(0.5);
    const script: AttemptScript = (attempt, number) =>
      number === 1 ? attempt.connect().sent().fail(lost()) : attempt.reply(200);
    const { pass, outcome, transport } = await start(script, {}, { backoffBaseMs: 200 });
    await pass(99);
    expect(transport.attempts).toHaveLength(1);
    await pass(1);
    expect(outcome.response?.status).toBe(200);
  });

  test('surfaces when it is not repeated, with what is known', async () => {
    const { ended } = await start((attempt) => attempt.connect().sent().fail(lost()), { method: 'POST' });
    expect((await ended()).error).toMatchObject({
      code: 'MESH_INTERRUPTED',
      method: 'POST',
      url: 'http://orders.test/a',
      gaveUp: 'not idempotent',
      cause: lost(),
    });
  });

  test('waits for who is not there yet, whatever the method', async () => {
    const script: AttemptScript = (attempt, number) => (number < 5 ? attempt.fail(refused()) : attempt.reply(200));
    const { ended, transport } = await start(script, { method: 'POST' });
    expect((await ended()).response?.status).toBe(200);
    expect(transport.attempts).toHaveLength(5);
  });

  test("surfaces as fetch says it when the fault is not the network's", async () => {
    const parser = new Error('the parser gave up');
    const { ended, transport } = await start((attempt) => attempt.connect().fail(parser));
    const { error } = await ended();
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).cause).toBe(parser);
    expect(transport.attempts).toHaveLength(1);
  });

  test("is none where the caller's own body fails, whatever its cause", async () => {
    const mistake = new Error('no body', { cause: lost() });
    const body = () => {
      throw mistake;
    };
    const { ended, transport } = await start(hangs, { method: 'PUT', body });
    expect((await ended()).error).toBe(mistake);
    expect(transport.attempts).toHaveLength(0);
  });

  test('is none where fetch refuses its arguments', async () => {
    const { ended, transport } = await start(hangs, { method: 'GET', body: 'x' });
    const { error } = await ended();
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).cause).toBeUndefined();
    expect(transport.attempts).toHaveLength(0);
  });
});

test('a request that has its reply counts no longer', async () => {
  // Half of those under way may retry: of one, none.
  const transport = new ScriptedTransport((attempt, number) =>
    number < 6 ? attempt.connect().sent().head(200) : attempt.connect().sent().fail(lost()),
  );
  const fetch = createMeshFetch({ dispatcher: transport, logger: silentLogger, retryBudgetMin: 0, retryBudget: 0.5 });
  for (let i = 0; i < 5; i += 1) await fetch(url);
  let error: unknown;
  fetch(url).catch((reason) => {
    error = reason;
  });
  await turns();
  expect(error).toMatchObject({ gaveUp: 'retry budget exhausted' });
});

test('a reply that nobody would repeat on is told to nobody else', async () => {
  const seen: unknown[] = [];
  const listener = (event: unknown) => void seen.push(event);
  subscribe(httpChannels.giveUp, listener);
  const { outcome } = await start((attempt) => attempt.reply(404, {}, 'x'));
  unsubscribe(httpChannels.giveUp, listener);
  expect(outcome.response?.status).toBe(404);
  expect(seen).toEqual([]);
});

describe('a redirect', () => {
  const redirected =
    (then: AttemptScript): AttemptScript =>
    (attempt, number) =>
      number === 1 ? attempt.reply(307, { location: '/there' }) : then(attempt, number);

  test("the sidecar's word about where it led says nothing of the first request", async () => {
    const { ended, transport } = await start(
      redirected((attempt) => attempt.reply(503, { server: 'envoy' }, ownUf)),
      { method: 'POST' },
    );
    expect((await ended()).response?.status).toBe(503);
    expect(transport.attempts).toHaveLength(2);
  });

  test('nor does a refused connection there', async () => {
    const { ended } = await start(
      redirected((attempt) => attempt.fail(refused())),
      { method: 'POST' },
    );
    expect((await ended()).error).toMatchObject({ code: 'MESH_INTERRUPTED', neverSent: false });
  });

  test('nor a refused stream', async () => {
    const error = networkError('ERR_HTTP2_STREAM_ERROR', { message: 'NGHTTP2_REFUSED_STREAM' });
    const { ended } = await start(
      redirected((attempt) => attempt.connect().fail(error)),
      { method: 'POST' },
    );
    expect((await ended()).error).toMatchObject({ code: 'MESH_INTERRUPTED', neverSent: false });
  });
});

describe('the deadline', () => {
  test('ends an attempt that was sent', async () => {
    const { pass, outcome, transport } = await start(hangs, {}, { deadlineMs: 100 });
    await pass(99);
    expect(outcome.error).toBeUndefined();
    await pass(1);
    expect(outcome.error).toMatchObject({ code: 'MESH_DEADLINE', neverSent: false, gaveUp: 'deadline' });
    expect(transport.last.aborted).toBe(true);
  });

  test('ends an attempt that waits for its connection: it was never sent', async () => {
    const { pass, outcome } = await start(() => {}, {}, { deadlineMs: 100 });
    await pass(100);
    expect(outcome.error).toMatchObject({ code: 'MESH_DEADLINE', neverSent: true });
  });

  test('ends a pause, in which nothing is on its way', async () => {
    vi.spyOn(Math, 'random').mockReturnValueOnce(0.5);
    const error = networkError('ERR_HTTP2_STREAM_ERROR', { message: 'NGHTTP2_REFUSED_STREAM' });
    // A pause of 1.5 ms fits into 1.9 ms, but timers know whole ones only, and the deadline's is the older one.
    const { pass, outcome, transport } = await start(hangs, {}, { deadlineMs: 100.9, backoffBaseMs: 3 });
    await pass(99);
    transport.last.fail(error);
    await turns();
    await pass(1);
    expect(outcome.error).toMatchObject({ code: 'MESH_DEADLINE', neverSent: true, cause: error, attempts: 1 });
    expect(transport.attempts).toHaveLength(1);
  });

  test('does not cut a reply that the caller has', async () => {
    const { pass, outcome, transport } = await start(
      (attempt) => attempt.connect().sent().head(200),
      {},
      { deadlineMs: 100 },
    );
    await pass(1_000);
    transport.last.data('slow').end();
    expect(await outcome.response?.text()).toBe('slow');
  });

  test('is without a timer when there is none', async () => {
    const { transport, ended } = await start(hangs, {}, { deadlineMs: Number.POSITIVE_INFINITY });
    expect(vi.getTimerCount()).toBe(0);
    transport.last.head(200).end();
    await turns();
    await ended();
  });
});

describe('the time limit of one attempt', () => {
  test('cuts it off, and another one follows', async () => {
    const script: AttemptScript = (attempt, number) => (number === 1 ? hangs(attempt, 1) : attempt.reply(200));
    const { pass, ended, transport } = await start(script, {}, { attemptTimeoutMs: 100 });
    await pass(99);
    expect(transport.last.aborted).toBe(false);
    await pass(1);
    expect(transport.attempts[0]?.aborted).toBe(true);
    expect((await ended()).response?.status).toBe(200);
  });

  test('is the cause where there is no other', async () => {
    const { pass, outcome } = await start(hangs, { method: 'POST' }, { attemptTimeoutMs: 100 });
    await pass(100);
    expect(outcome.error).toMatchObject({ code: 'MESH_INTERRUPTED', cause: { code: 'MESH_ATTEMPT_TIMEOUT' } });
  });

  test('does not cut a reply that the caller has', async () => {
    const { pass, outcome, transport } = await start(
      (attempt) => attempt.connect().sent().head(200),
      {},
      {
        attemptTimeoutMs: 100,
      },
    );
    await pass(1_000);
    transport.last.data('slow').end();
    expect(await outcome.response?.text()).toBe('slow');
  });
});

describe("the caller's signal", () => {
  const enough = new Error('enough');

  test('ends an attempt, and there is no other', async () => {
    const controller = new AbortController();
    const { outcome, transport } = await start(hangs, { signal: controller.signal });
    controller.abort(enough);
    await turns();
    expect(outcome.error).toBe(enough);
    expect(transport.last.aborted).toBe(true);
    expect(transport.attempts).toHaveLength(1);
  });

  test('ends a pause', async () => {
    const controller = new AbortController();
    const { outcome, transport } = await start((attempt) => attempt.fail(refused()), { signal: controller.signal });
    controller.abort(enough);
    await turns();
    expect(outcome.error).toBe(enough);
    expect(transport.attempts).toHaveLength(1);
  });

  test('that has aborted already lets nothing be sent', async () => {
    const { outcome, transport } = await start(hangs, { signal: AbortSignal.abort(enough) });
    expect(outcome.error).toBe(enough);
    expect(transport.attempts).toHaveLength(0);
  });

  test('ends a reply that the caller has', async () => {
    const controller = new AbortController();
    const { outcome, transport } = await start((attempt) => attempt.connect().sent().head(200), {
      signal: controller.signal,
    });
    controller.abort(enough);
    await expect(outcome.response?.text()).rejects.toBe(enough);
    expect(transport.last.aborted).toBe(true);
  });
});

describe('a body that was not read', () => {
  test('is closed when the request is given up', async () => {
    const body = new Readable({ read() {} });
    const { pass, outcome } = await start(
      (attempt) => attempt.fail(refused()),
      { method: 'POST', body },
      { deadlineMs: 10 },
    );
    for (let i = 0; i < 10; i += 1) await pass(10);
    expect(outcome.error).toMatchObject({ neverSent: true });
    expect(body.destroyed).toBe(true);
  });

  test('is not when there is a reply', async () => {
    const body = new Readable({ read() {} });
    const { outcome } = await start((attempt) => attempt.reply(200), { method: 'POST', body });
    expect(outcome.response?.status).toBe(200);
    expect(body.destroyed).toBe(false);
    body.destroy();
  });

  test('that can be sent once is not repeated once it was touched', async () => {
    async function* once() {
      yield Buffer.from('x');
    }
    const { ended, transport } = await start((attempt) => attempt.connect(), { method: 'PUT', body: once() });
    for await (const _ of transport.last.options.body as never as AsyncIterable<unknown>);
    transport.last.sent().fail(lost());
    await turns();
    expect((await ended()).error).toMatchObject({ gaveUp: 'body cannot be replayed' });
  });

  test('nor on a reply', async () => {
    async function* once() {
      yield Buffer.from('x');
    }
    const { ended, transport } = await start((attempt) => attempt.connect(), { method: 'PUT', body: once() });
    for await (const _ of transport.last.options.body as never as AsyncIterable<unknown>);
    transport.last.sent().head(503, { 'content-length': '0' }).end();
    await turns();
    expect((await ended()).response?.status).toBe(503);
    expect(transport.attempts).toHaveLength(1);
  });
});

describe('where it goes', () => {
  test('the dispatcher of one request counts before that of all', async () => {
    const other = new ScriptedTransport((attempt) => attempt.reply(204));
    const { outcome, transport } = await start(hangs, { dispatcher: other });
    expect(outcome.response?.status).toBe(204);
    expect(transport.attempts).toHaveLength(0);
  });

  test('of a mesh agent the transport is taken: nothing is retried twice', async () => {
    const below = new ScriptedTransport((attempt) => attempt.reply(503));
    const { ended } = await start(hangs, { dispatcher: createMeshAgent({ dispatcher: below }) });
    expect((await ended()).response?.status).toBe(503);
    expect(below.attempts).toHaveLength(3);
  });

  test('what is not HTTP goes nowhere', async () => {
    const transport = new ScriptedTransport(hangs);
    const fetch = createMeshFetch({ dispatcher: transport });
    expect(await (await fetch('data:text/plain,hello')).text()).toBe('hello');
    await expect(fetch('data:text/plain,x', { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
    expect(transport.attempts).toHaveLength(0);
  });
});

describe('options', () => {
  test('of one request are laid over those of all', async () => {
    const { ended, transport } = await start(
      (attempt) => attempt.reply(503),
      { meshRetry: { maxRetries: 0 } },
      {
        failedReplies: 'throw',
      },
    );
    expect((await ended()).error).toMatchObject({ code: 'MESH_REPLY' });
    expect(transport.attempts).toHaveLength(1);
  });

  test('are checked: those of all when the fetch is made, those of one when it is called', async () => {
    expect(() => createMeshFetch({ maxRetries: -1 })).toThrow('maxRetries');
    const { ended } = await start(hangs, { meshRetry: { maxRetries: -1 } });
    expect((await ended()).error).toMatchObject({ code: 'MESH_OPTION' });
  });

  test('each fetch has a budget of its own', async () => {
    const options = { retryBudgetMin: 1, retryBudget: 0, deadlineMs: Number.POSITIVE_INFINITY };
    const one = await start((attempt) => attempt.connect().sent().fail(lost()), {}, options);
    const two = await start((attempt) => attempt.connect().sent().fail(lost()), {}, options);
    expect((await one.ended()).error).toMatchObject({ gaveUp: 'retries used up' });
    expect((await two.ended()).error).toMatchObject({ gaveUp: 'retries used up' });
  });
});
