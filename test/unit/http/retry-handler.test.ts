import type { Dispatcher } from 'undici';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMeshAgent, type MeshAgentOptions } from '../../../src/http/index.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { RecordingHandler } from '../../helpers/recording-handler.ts';
import { type AttemptScript, networkError, ScriptedTransport } from '../../helpers/scripted-transport.ts';

// Time is faked: these are about which moment, and about calls that come too late.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  // Whatever happened, nothing is left that would wake the process up, but for the client's one timer of deadlines.
  expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
  vi.useRealTimers();
});

const origin = 'http://orders.test';

function start(
  script: AttemptScript,
  options: MeshAgentOptions = {},
  request: object = {},
  handler = new RecordingHandler(),
) {
  const transport = new ScriptedTransport(script);
  const agent = createMeshAgent({ dispatcher: transport, logger: silentLogger, ...options });
  const send = () => agent.dispatch({ origin, path: '/a?b', method: 'GET', ...request } as never, handler);
  return { transport, agent, handler, send, accepted: send() };
}

/** Lets the pause before the next attempt pass, however long it was drawn. */
const nextAttempt = () => vi.advanceTimersToNextTimer();

const lost = () => networkError('ECONNRESET');
const refused = () => networkError('ECONNREFUSED');
const lostAfterSending: AttemptScript = (attempt) => attempt.connect().sent().fail(lost());
const hangs: AttemptScript = (attempt) => attempt.connect().sent();
const post = { method: 'POST' };

describe('what the caller is told', () => {
  test('everything of a request that succeeds, in order, with one controller and as undici said it', () => {
    const { handler, accepted } = start((attempt) => {
      attempt.connect({ history: [] });
      attempt.bodyPart('x').sent().head(200, { a: '1' }, 'Fine').data('on').data('ce').end({ t: '2' });
    });
    expect(accepted).toBe(true);
    expect(handler.calls).toEqual([
      ['start', { history: [] }],
      ['body sent', 'x'],
      ['request sent'],
      ['response started'],
      ['head', 200, { a: '1' }, 'Fine'],
      ['data', 'on'],
      ['data', 'ce'],
      ['end', { t: '2' }],
    ]);
    expect(handler.controllers.size).toBe(1);
  });

  test('the head of a reply as soon as it is there, short as its body may be', () => {
    const { handler, transport } = start((attempt) => attempt.connect().sent().head(200, { 'content-length': '2' }));
    expect(handler.names.at(-1)).toBe('head');
    transport.last.data('ok').end();
  });

  test('informational replies, which end nothing', () => {
    const { handler } = start((attempt) => {
      attempt.connect().sent().head(103, { link: 'x' }).head(200).end();
    });
    expect(handler.calls.filter(([name]) => name === 'head').map(([, status]) => status)).toEqual([103, 200]);
    expect(handler.names.at(-1)).toBe('end');
  });

  test('an informational reply is none to be repeated on, whatever the list of statuses', () => {
    const { transport, handler } = start((attempt) => attempt.connect().head(103).reply(200));
    expect(transport.attempts).toHaveLength(1);
    expect(handler.names).toContain('end');
  });

  test('that the transport wants no more for now', () => {
    const transport = new ScriptedTransport();
    transport.ready = false;
    const agent = createMeshAgent({ dispatcher: transport });
    expect(agent.dispatch({ origin, path: '/', method: 'GET' }, new RecordingHandler())).toBe(false);
    transport.last.connect().head(200).end();
  });

  test('nothing of an attempt that is repeated but its start, once', () => {
    const { transport, handler } = start((attempt, number) => {
      if (number === 1) attempt.connect('first').head(503, { 'content-length': '4' }).data('busy').end();
      else attempt.connect('second').head(200).end();
    });
    expect(handler.calls).toEqual([['start', 'first'], ['response started']]);
    nextAttempt();
    expect(transport.attempts).toHaveLength(2);
    expect(handler.names).toEqual(['start', 'response started', 'response started', 'head', 'end']);
    expect(handler.controllers.size).toBe(1);
  });
});

test('a request whose head is there counts no longer', () => {
  // Half of those under way may retry: of one, none.
  const script: AttemptScript = (attempt, number) =>
    number < 6 ? attempt.connect().sent().head(200) : attempt.connect().sent().fail(lost());
  const { send, transport, handler } = start(script, { retryBudgetMin: 0, retryBudget: 0.5 });
  for (let i = 0; i < 5; i += 1) send();
  expect(transport.attempts).toHaveLength(6);
  expect(handler.error).toMatchObject({ gaveUp: 'retry budget exhausted' });
});

describe('a handler that wants to know nothing but its controller', () => {
  const onRequestStart = () => {};

  test.each<[string, AttemptScript]>([
    ['a reply', (attempt) => attempt.connect().sent().head(200).data('ok').end()],
    ['a failed one', (attempt) => attempt.connect().sent().head(500, { 'content-length': '2' }).data('no').end()],
    ['an error', lostAfterSending],
    ['a body', (attempt) => attempt.connect().bodyPart('x').sent().head(200).end()],
  ])('is told nothing of %s', (_, script) => {
    const transport = new ScriptedTransport();
    const agent = createMeshAgent({ dispatcher: transport, retryStatuses: [500], maxRetries: 0, logger: silentLogger });
    agent.dispatch({ origin, path: '/', method: 'GET' }, { onRequestStart });
    expect(() => script(transport.last, 1)).not.toThrow();
  });
});

describe('a failed reply with a short body', () => {
  const busy: AttemptScript = (attempt) =>
    attempt.connect().sent().head(503, { 'content-length': '4', a: '1' }, 'Busy').data('bu').data('sy').end({ t: '2' });

  test('is held back, and handed on whole when the attempts are used up', () => {
    const { transport, handler } = start(busy);
    expect(handler.names).not.toContain('head');
    nextAttempt();
    nextAttempt();
    expect(transport.attempts).toHaveLength(3);
    expect(handler.calls.slice(-4)).toEqual([
      ['head', 503, { 'content-length': '4', a: '1' }, 'Busy'],
      ['data', 'bu'],
      ['data', 'sy'],
      ['end', { t: '2' }],
    ]);
  });

  test('ends all limits when it is handed on', () => {
    const { handler } = start(busy, { attemptTimeoutMs: 50, maxRetries: 0 }, { meshRetry: { deadlineMs: 60 } });
    expect(handler.names.at(-1)).toBe('end');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is the error that was asked for', () => {
    const { handler } = start(busy, { failedReplies: 'throw', maxRetries: 0 });
    expect(handler.names.filter((name) => name !== 'response started')).toEqual(['start', 'request sent', 'error']);
    expect(handler.error).toMatchObject({
      code: 'MESH_REPLY',
      status: 503,
      body: 'busy',
      headers: { a: '1' },
      attempts: 1,
      gaveUp: 'retries used up',
    });
  });

  test('that breaks off is a lost reply, and its broken half is not seen', () => {
    const { transport, handler } = start((attempt, number) => {
      if (number === 1) attempt.connect().sent().head(503, { 'content-length': '4' }).data('bu').fail(lost());
      else attempt.reply(200, {}, 'ok');
    });
    nextAttempt();
    expect(transport.attempts).toHaveLength(2);
    expect(handler.calls.filter(([name]) => name === 'data')).toEqual([['data', 'ok']]);
  });

  test('is judged once, whatever is said after its end', () => {
    const { transport } = start((attempt, number) => {
      if (number === 1) attempt.reply(503, {}, 'busy').fail(lost());
      else attempt.connect();
    });
    nextAttempt();
    expect(vi.getTimerCount()).toBe(1);
    transport.last.head(200).end();
    expect(transport.attempts).toHaveLength(2);
  });

  test('that overtakes its request proves nothing', () => {
    const body = 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure';
    const length = { 'content-length': String(body.length) };
    const { transport } = start(
      (attempt) =>
        attempt
          .connect()
          .head(503, { server: 'envoy', ...length })
          .data(body)
          .end(),
      {},
      post,
    );
    expect(transport.attempts).toHaveLength(1);
  });

  test('is judged by its words, which Envoy writes', () => {
    const body = 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure';
    const { transport } = start(
      (attempt, number) => {
        if (number === 1) attempt.reply(503, { server: 'envoy' }, body);
        else attempt.reply(200);
      },
      {},
      post,
    );
    nextAttempt();
    expect(transport.attempts).toHaveLength(2);
  });
});

describe('a failed reply with a body of unknown length', () => {
  const head: AttemptScript = (attempt) => attempt.connect().sent().head(503);

  test('is repeated unread, and read to its end for the sake of the connection', () => {
    const { transport, handler } = start((attempt, number) => {
      if (number === 1) head(attempt, 1);
      else attempt.reply(200);
    });
    const [first] = transport.attempts;
    first?.data('a'.repeat(64 * 1024));
    expect(first?.aborted).toBe(false);
    nextAttempt();
    first?.end();
    expect(handler.names.filter((name) => name === 'data' || name === 'end')).toEqual(['end']);
    expect(transport.attempts).toHaveLength(2);
  });

  test('is cut off where reading it costs more than a new connection', () => {
    const { transport, handler } = start((attempt, number) => (number === 1 ? head(attempt, 1) : attempt.reply(200)));
    const [first] = transport.attempts;
    first?.data('a'.repeat(64 * 1024)).data('b');
    expect(first?.reason?.message).toContain('too long');
    // The abort is an error of the attempt that nobody waits for.
    expect(handler.error).toBeUndefined();
    nextAttempt();
    expect(handler.names.at(-1)).toBe('end');
    expect(transport.attempts).toHaveLength(2);
  });

  test('is handed on piece by piece when it is not repeated', () => {
    const { transport, handler } = start(head, {}, post);
    expect(handler.names.at(-1)).toBe('head');
    transport.last.data('x'.repeat(100_000)).data('y').end();
    expect(handler.names.slice(-3)).toEqual(['data', 'data', 'end']);
    expect(transport.last.aborted).toBe(false);
  });

  test('as an error has no body, and what comes of it later is not seen', () => {
    const { transport, handler } = start(head, { failedReplies: 'throw' }, post);
    expect(handler.error).toMatchObject({ code: 'MESH_REPLY', status: 503, body: undefined });
    transport.last.data('late').end();
    expect(handler.names.at(-1)).toBe('error');
    expect(handler.names).not.toContain('head');
  });
});

test('HEAD: the announced body never comes', () => {
  const { transport, handler } = start(
    (attempt, number) => {
      attempt
        .connect()
        .sent()
        .head(number === 1 ? 503 : 200, { 'content-length': '4' })
        .end();
    },
    {},
    { method: 'HEAD' },
  );
  nextAttempt();
  expect(transport.attempts).toHaveLength(2);
  expect(handler.names.at(-1)).toBe('end');
});

describe('an attempt that fails', () => {
  test('is repeated after its pause, and not before', () => {
    vi.spyOn(Math, 'random').mockReturnValueOnce(0.5);
    const { transport } = start(lostAfterSending, { maxRetries: 1, backoffBaseMs: 200 });
    vi.advanceTimersByTime(99);
    expect(transport.attempts).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(transport.attempts).toHaveLength(2);
  });

  test('surfaces when it is not repeated, with what is known', () => {
    const { transport, handler } = start(lostAfterSending, {}, post);
    expect(transport.attempts).toHaveLength(1);
    expect(handler.error).toMatchObject({ code: 'MESH_INTERRUPTED', attempts: 1, gaveUp: 'not idempotent' });
    expect((handler.error as Error).cause).toEqual(lost());
  });

  test("is not judged when the fault is not the network's", () => {
    const mistake = new TypeError('invalid argument');
    const { transport, handler } = start((attempt) => attempt.fail(mistake));
    expect(handler.error).toBe(mistake);
    expect(transport.attempts).toHaveLength(1);
  });

  test('nor when somebody below has aborted it', () => {
    const { transport, handler } = start((attempt) => attempt.connect().abort(lost()));
    expect(handler.error).toEqual(lost());
    expect(transport.attempts).toHaveLength(1);
  });

  test('tells undici without a controller', () => {
    const { handler } = start((attempt) => attempt.handler.onResponseError?.(null as never, refused()), {
      deadlineMs: 1,
      arrivalBaseMs: 100,
    });
    vi.advanceTimersByTime(1);
    expect(handler.error).toMatchObject({ neverSent: true });
  });

  test('after the head was passed on is an error of the reply', () => {
    const { transport, handler } = start((attempt) => attempt.connect().sent().head(200).data('ha').fail(lost()));
    expect(handler.error).toMatchObject({ code: 'MESH_INTERRUPTED', neverSent: false, attempts: 1 });
    expect(transport.attempts).toHaveLength(1);
  });

  test("nor is an error of another kind, after the head, made into the network's", () => {
    const parser = new Error('the parser gave up');
    const { handler } = start((attempt) => attempt.connect().sent().head(200).fail(parser));
    expect(handler.error).toBe(parser);
  });

  test('and says so twice is heard once', () => {
    const { transport, handler } = start((attempt, number) =>
      number === 1 ? attempt.connect().sent().fail(lost()).fail(lost()) : attempt.reply(200),
    );
    nextAttempt();
    expect(transport.attempts).toHaveLength(2);
    expect(handler.names.filter((name) => name === 'error')).toEqual([]);
  });
});

describe('what goes wrong in a call', () => {
  const mistake = new Error('a mistake');

  test('of dispatch is an error of the request, and nothing that comes later is heard', () => {
    const { transport, handler, accepted } = start((attempt) => {
      attempt.connect();
      throw mistake;
    });
    expect(accepted).toBe(true);
    transport.last.sent().head(200).data('late').end();
    expect(handler.names).toEqual(['start', 'error']);
    expect(handler.error).toBe(mistake);
  });

  test("of the caller's own handler is not told to it a second time", () => {
    let told = 0;
    const transport = new ScriptedTransport((attempt) => attempt.connect().fail(mistake));
    const agent = createMeshAgent({ dispatcher: transport, logger: silentLogger });
    const onResponseError = () => {
      told += 1;
      throw mistake;
    };
    agent.dispatch({ origin, path: '/', method: 'GET' }, { onRequestStart() {}, onResponseError });
    expect(told).toBe(1);
  });
});

describe('the time limit of one attempt', () => {
  test('cuts it off, and nothing that it says later is heard', () => {
    const { transport, handler } = start(
      (attempt, number) => (number === 1 ? attempt.connect().sent() : attempt.reply(200, {}, 'ok')),
      { attemptTimeoutMs: 100, backoffBaseMs: 0 },
    );
    const [first] = transport.attempts;
    vi.advanceTimersByTime(99);
    expect(first?.aborted).toBe(false);
    vi.advanceTimersByTime(2);
    expect(first?.reason).toMatchObject({ code: 'MESH_ATTEMPT_TIMEOUT' });
    first?.bodyPart('late').sent().head(200).data('late').end();
    expect(transport.attempts).toHaveLength(2);
    expect(handler.names.filter((name) => name === 'body sent')).toEqual([]);
    expect(handler.names.filter((name) => name === 'request sent')).toHaveLength(2);
    expect(handler.calls.filter(([name]) => name === 'data')).toEqual([['data', 'ok']]);
    expect(handler.names.filter((name) => name === 'end')).toEqual(['end']);
  });

  test('starts anew with each attempt', () => {
    const { transport } = start(hangs, { attemptTimeoutMs: 100, backoffBaseMs: 0, deadlineMs: 10_000 });
    vi.advanceTimersByTime(101);
    expect(transport.attempts).toHaveLength(2);
    vi.advanceTimersByTime(98);
    expect(transport.attempts).toHaveLength(2);
    vi.advanceTimersByTime(3);
    expect(transport.attempts).toHaveLength(3);
    vi.advanceTimersByTime(200);
  });

  test('does not run in a pause', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999);
    const { transport, handler } = start(lostAfterSending, {
      attemptTimeoutMs: 100,
      maxRetries: 1,
      backoffBaseMs: 500,
    });
    vi.advanceTimersByTime(400);
    expect(transport.attempts).toHaveLength(1);
    vi.advanceTimersByTime(100);
    expect(handler.error).toMatchObject({ attempts: 2, cause: { code: 'ECONNRESET' } });
    vi.mocked(Math.random).mockRestore();
  });

  test('nor after the head: a body may take its time', () => {
    const { transport, handler } = start((attempt) => attempt.connect().sent().head(200), { attemptTimeoutMs: 100 });
    vi.advanceTimersByTime(1_000);
    transport.last.data('slow').end();
    expect(handler.names.slice(-2)).toEqual(['data', 'end']);
  });

  test('ends a POST for good', () => {
    const { handler } = start(hangs, { attemptTimeoutMs: 100 }, post);
    vi.advanceTimersByTime(100);
    expect(handler.error).toMatchObject({ code: 'MESH_INTERRUPTED', cause: { code: 'MESH_ATTEMPT_TIMEOUT' } });
  });

  test('an attempt that was cut off while it waited for a connection writes nothing', () => {
    const { transport, handler } = start(
      () => {},
      { attemptTimeoutMs: 100, maxRetries: 0, arrivalBaseMs: 0, arrivalSpreadMs: 0 },
      post,
    );
    vi.advanceTimersByTime(101);
    const [first, second] = transport.attempts;
    first?.connect();
    expect(first?.reason?.message).toContain('cut off while it waited for a connection');
    // A request that was never sent is repeated, POST or not.
    second?.reply(200);
    expect(handler.names.at(-1)).toBe('end');
    expect(handler.error).toBeUndefined();
  });
});

describe('the deadline', () => {
  test('ends an attempt that was sent', () => {
    const { transport, handler } = start(hangs, { deadlineMs: 100 });
    vi.advanceTimersByTime(99);
    expect(handler.error).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(handler.error).toMatchObject({ code: 'MESH_DEADLINE', neverSent: false, gaveUp: 'deadline', attempts: 1 });
    expect(transport.last.reason).toBe(handler.error);
    transport.last.head(200);
    expect(handler.names.at(-1)).toBe('error');
  });

  test('ends an attempt that waits for its connection: it was never sent', () => {
    const { handler } = start(() => {}, { deadlineMs: 100 });
    vi.advanceTimersByTime(100);
    expect(handler.error).toMatchObject({ code: 'MESH_DEADLINE', neverSent: true });
  });

  test('ends a pause, in which nothing is on its way', () => {
    vi.spyOn(Math, 'random').mockReturnValueOnce(0.5);
    const error = networkError('ERR_HTTP2_STREAM_ERROR', { message: 'NGHTTP2_REFUSED_STREAM' });
    const { transport, handler } = start(
      (attempt) => {
        attempt.connect().sent();
        setTimeout(() => attempt.fail(error), 99);
      },
      // Half a millisecond, which fits; a timer makes it a whole one.
      { deadlineMs: 100, backoffBaseMs: 1 },
    );
    vi.advanceTimersByTime(99);
    expect(handler.error).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(handler.error).toMatchObject({ code: 'MESH_DEADLINE', neverSent: true, cause: error, attempts: 1 });
    vi.advanceTimersByTime(1_000);
    expect(transport.attempts).toHaveLength(1);
  });

  test.each([
    ['as long as the client has it', 100],
    ['of its own', 70],
  ])('%s counts for one request as well', (_, deadlineMs) => {
    const { handler } = start(hangs, { deadlineMs: 100 }, { meshRetry: { deadlineMs } });
    vi.advanceTimersByTime(deadlineMs - 1);
    expect(handler.error).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(handler.error).toMatchObject({ code: 'MESH_DEADLINE' });
    vi.advanceTimersByTime(100);
  });

  test('of many requests is one timer', () => {
    const { send, transport } = start(hangs, { deadlineMs: 100 });
    send();
    send();
    expect(vi.getTimerCount()).toBe(1);
    for (const attempt of transport.attempts) attempt.head(200).end();
  });

  test('goes on after an informational reply', () => {
    const { handler } = start((attempt) => attempt.connect().sent().head(103), { deadlineMs: 100 });
    vi.advanceTimersByTime(100);
    expect(handler.error).toMatchObject({ code: 'MESH_DEADLINE', neverSent: false });
  });

  test('that passes while the attempt waits for its connection: nothing is written when one comes', () => {
    const { transport, handler } = start(() => {}, { deadlineMs: 100 });
    vi.advanceTimersByTime(100);
    transport.last.connect();
    expect(transport.last.reason?.message).toContain('cut off while it waited');
    expect(handler.names).toEqual(['error']);
  });

  test('is without a timer when there is none', () => {
    const { transport } = start(hangs, { deadlineMs: Number.POSITIVE_INFINITY });
    expect(vi.getTimerCount()).toBe(0);
    transport.last.head(200).end();
  });

  test.each([100, 70])('does not cut a reply whose head is there (%i ms)', (deadlineMs) => {
    const { transport, handler } = start(
      (attempt) => attempt.connect().sent().head(200),
      { deadlineMs: 100 },
      {
        meshRetry: { deadlineMs },
      },
    );
    vi.advanceTimersByTime(1_000);
    transport.last.data('slow').end();
    expect(handler.names.slice(-2)).toEqual(['data', 'end']);
    expect(handler.error).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the caller aborts', () => {
  const enough = new Error('enough');

  test('as soon as it has its controller: nothing is written', () => {
    const handler = new RecordingHandler((controller) => controller.abort(enough));
    const { transport } = start((attempt) => attempt.connect(), {}, {}, handler);
    expect(transport.last.reason).toBe(enough);
    expect(handler.error).toBe(enough);
    expect(handler.names).toEqual(['start', 'error']);
  });

  test('an attempt: it ends, and there is no other', () => {
    const { transport, handler } = start(hangs);
    handler.controller.abort(enough);
    expect(transport.last.reason).toBe(enough);
    expect(handler.error).toBe(enough);
    expect(handler.controller.aborted).toBe(true);
    expect(handler.controller.reason).toBe(enough);
    vi.advanceTimersByTime(20_000);
    expect(transport.attempts).toHaveLength(1);
    expect(handler.names.filter((name) => name === 'error')).toHaveLength(1);
  });

  test('a pause: it gets its controller before any connection came about', () => {
    const { transport, handler } = start((attempt) => attempt.fail(refused()));
    expect(handler.calls).toEqual([['start', null]]);
    handler.controller.abort(enough);
    expect(handler.error).toBe(enough);
    expect([handler.controller.aborted, handler.controller.reason]).toEqual([true, enough]);
    vi.advanceTimersByTime(20_000);
    expect(transport.attempts).toHaveLength(1);
  });

  test('a pause: the attempt before it has ended by itself', () => {
    const { transport, handler } = start(lostAfterSending);
    handler.controller.abort(enough);
    expect(transport.last.reason).toBeNull();
    expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
  });

  test('in the very call that hands it the controller, in a pause', () => {
    const handler = new RecordingHandler((controller) => controller.abort(enough));
    const { transport } = start((attempt) => attempt.fail(refused()), {}, {}, handler);
    vi.advanceTimersByTime(20_000);
    expect(transport.attempts).toHaveLength(1);
    expect(handler.names).toEqual(['start', 'error']);
  });

  test('in a held reply', () => {
    const { transport, handler } = start((attempt) => attempt.connect().sent().head(503, { 'content-length': '4' }));
    handler.controller.abort(enough);
    expect(transport.last.reason).toBe(enough);
    expect(handler.error).toBe(enough);
    transport.last.data('busy').end();
    expect(handler.names.at(-1)).toBe('error');
  });

  test('a reply whose head it has: undici ends it, with the reason', () => {
    const { transport, handler } = start((attempt) => attempt.connect().sent().head(200));
    handler.controller.abort(enough);
    expect(transport.last.reason).toBe(enough);
    expect(handler.error).toBe(enough);
  });

  test.each(['head', 'data'])(
    'in the call that brings its %s of a reply that was held back: nothing more comes',
    (call) => {
      const handler = new RecordingHandler();
      const told = call === 'head' ? handler.onResponseStart : handler.onResponseData;
      Object.assign(handler, {
        [call === 'head' ? 'onResponseStart' : 'onResponseData'](...args: never[]) {
          Reflect.apply(told, handler, args);
          handler.controller.abort(enough);
        },
      });
      const script: AttemptScript = (attempt) => attempt.connect().sent().head(503, { 'content-length': '4' });
      const { transport } = start(script, { maxRetries: 0 }, {}, handler);
      transport.last.data('bu').data('sy').end();
      expect(handler.error).toBe(enough);
      expect(handler.names.slice(-2)).toEqual([call, 'error']);
    },
  );

  test('a reply whose head it has, and what still comes of it is not heard', () => {
    const { transport, handler } = start((attempt) => attempt.connect().sent().head(200).data('on'));
    handler.controller.abort(enough);
    transport.last.data('ce').end();
    expect(handler.names.slice(-2)).toEqual(['data', 'error']);
  });

  test('twice, or when all is over: nothing happens', () => {
    const { transport, handler } = start((attempt) => attempt.reply(200));
    handler.controller.abort(enough);
    expect(transport.last.aborted).toBe(false);
    expect(handler.names.at(-1)).toBe('end');
    expect(handler.controller.aborted).toBe(false);
    expect(handler.controller.reason).toBeNull();
  });
});

describe('the controller', () => {
  test('hands on pause and resume to the attempt that runs', () => {
    const { transport, handler } = start((attempt, number) =>
      number === 1 ? lostAfterSending(attempt, 1) : hangs(attempt, 2),
    );
    handler.controller.pause();
    nextAttempt();
    expect(handler.controller.paused).toBe(false);
    handler.controller.pause();
    expect([transport.last.paused, handler.controller.paused]).toEqual([true, true]);
    handler.controller.resume();
    expect([transport.last.paused, handler.controller.paused]).toEqual([false, false]);
    transport.last.head(200).end();
  });

  test("shows the attempt's raw headers, reason and abort", () => {
    const { transport, handler } = start((attempt) => {
      attempt.rawTrailers = [Buffer.from('b')];
      attempt.connect().sent().head(200, { a: '1' });
    });
    expect(handler.controller.rawHeaders).toEqual([Buffer.from('a'), Buffer.from('1')]);
    expect(handler.controller.rawTrailers).toEqual([Buffer.from('b')]);
    expect([handler.controller.aborted, handler.controller.reason]).toEqual([false, null]);
    const reason = new Error('from below');
    transport.last.abort(reason);
    expect([handler.controller.aborted, handler.controller.reason]).toEqual([true, reason]);
  });

  test('has nothing to show before there is a connection', () => {
    const { handler } = start((attempt) => attempt.fail(refused()));
    const { aborted, paused, reason, rawHeaders, rawTrailers } = handler.controller as Dispatcher.DispatchController;
    expect({ aborted, paused, reason, rawHeaders, rawTrailers }).toEqual({
      aborted: false,
      paused: false,
      reason: null,
      rawHeaders: null,
      rawTrailers: null,
    });
    handler.controller.pause();
    handler.controller.resume();
    handler.controller.abort(new Error('enough'));
  });
});

describe('a dispatcher below that follows redirects', () => {
  const ownUf = 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure';

  test('makes two requests of one attempt: the reply to the second says nothing of the first', () => {
    const { transport, handler } = start(
      (attempt) => attempt.connect('first').sent().reply(503, { server: 'envoy' }, ownUf),
      {},
      post,
    );
    expect(transport.attempts).toHaveLength(1);
    expect(handler.names.filter((name) => name === 'start')).toHaveLength(1);
    expect(handler.calls.at(-3)?.slice(0, 2)).toEqual(['head', 503]);
  });

  test('nor does a stream that is refused', () => {
    const { transport, handler } = start(
      (attempt) => {
        const error = networkError('ERR_HTTP2_STREAM_ERROR', { message: 'NGHTTP2_REFUSED_STREAM' });
        attempt.connect().sent().connect().fail(error);
      },
      {},
      post,
    );
    expect(transport.attempts).toHaveLength(1);
    expect(handler.error).toMatchObject({ code: 'MESH_INTERRUPTED', neverSent: false });
  });
});

describe('the body', () => {
  test('is made anew for each attempt', () => {
    let made = 0;
    const body = () => {
      made += 1;
      return `body ${made}`;
    };
    const { transport } = start(lostAfterSending, { maxRetries: 1 }, { method: 'PUT', body });
    nextAttempt();
    expect(transport.attempts.map(({ options }) => options.body)).toEqual(['body 1', 'body 2']);
  });

  test.each([1, 2])('that fails in attempt %i ends the request with its own error', (failing) => {
    let made = 0;
    const mistake = new Error('no body');
    const body = () => {
      made += 1;
      if (made === failing) throw mistake;
      return 'x';
    };
    const { transport, handler, accepted } = start(lostAfterSending, {}, { method: 'PUT', body });
    if (failing === 2) nextAttempt();
    expect(accepted).toBe(true);
    expect(handler.error).toBe(mistake);
    expect(transport.attempts).toHaveLength(failing - 1);
    // The attempt that never was is over.
    vi.advanceTimersByTime(20_000);
    expect(handler.names.filter((name) => name === 'error')).toHaveLength(1);
  });

  test('that can be sent once is not repeated once it was touched', async () => {
    async function* generator() {
      yield 'once';
    }
    const { transport, handler } = start(() => {}, {}, { method: 'PUT', body: generator() });
    transport.last.connect();
    const chunks: unknown[] = [];
    for await (const chunk of transport.last.options.body as unknown as AsyncIterable<unknown>) chunks.push(chunk);
    transport.last.sent().fail(lost());
    expect(chunks).toEqual(['once']);
    expect(handler.error).toMatchObject({ code: 'MESH_INTERRUPTED', gaveUp: 'body cannot be replayed' });
  });
});
