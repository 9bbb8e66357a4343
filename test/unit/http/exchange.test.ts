import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Failure } from '../../../src/http/decide.ts';
import { httpChannels } from '../../../src/http/events.ts';
import { Exchange, type RequestFacts } from '../../../src/http/exchange.ts';
import { networkFailure, replyFailure } from '../../../src/http/failures.ts';
import type { MeshRetryOptions } from '../../../src/http/mesh-retry-options.ts';
import { retrySettings } from '../../../src/http/options.ts';
import { MeshInterruptedError, MeshUnreachableError } from '../../../src/http/request-errors.ts';
import { OriginLoads } from '../../../src/http/retry-budget.ts';
import { silentLogger } from '../../../src/shared/logger.ts';
import { networkError } from '../../helpers/scripted-transport.ts';

// Only the clock: elapsed times and remaining ones must be exact.
beforeEach(() => {
  vi.useFakeTimers();
  vi.advanceTimersByTime(5_000);
});
afterEach(() => void vi.useRealTimers());

const get: RequestFacts = {
  method: 'GET',
  origin: 'http://orders.test',
  path: '/a?token=secret',
  headers: undefined,
  idempotent: undefined,
};
const post: RequestFacts = { ...get, method: 'POST' };
const ownUfText = 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure';

const lost = networkFailure(networkError('ECONNRESET'), { wasSent: true, redirected: false }) as Failure;
const refused = networkFailure(networkError('ECONNREFUSED'), { wasSent: false, redirected: false }) as Failure;
const busy = replyFailure(503, {}, 'busy', true);
const ownUf = replyFailure(503, { server: 'envoy' }, ownUfText, true);

function exchange(request = get, options: MeshRetryOptions = {}, loads = new OriginLoads()): Exchange {
  return new Exchange(request, retrySettings({ logger: silentLogger, ...options }), loads);
}

/** One failed attempt of any kind. */
function fail(of: Exchange, failure: Failure = lost, replayable = true) {
  of.attempts += 1;
  const cause =
    failure.kind === 'network' ? networkError(failure.fault === 'refused' ? 'ECONNREFUSED' : 'ECONNRESET') : undefined;
  return of.failed(failure, cause, replayable);
}

describe('the load of its origin', () => {
  test('counts it from its start to its end, once', () => {
    const loads = new OriginLoads();
    const load = loads.of(get.origin);
    const first = exchange(get, {}, loads);
    const second = exchange(get, {}, loads);
    expect(load.active).toBe(2);
    first.end();
    first.end();
    expect(load.active).toBe(1);
    second.end();
    expect(load).toMatchObject({ active: 0, retrying: 0, waiting: 0 });
  });

  test('counts it as retrying from its first retry at the cost of the budget to its end', () => {
    const loads = new OriginLoads();
    const load = loads.of(get.origin);
    const one = exchange(get, { maxRetries: 5 }, loads);
    fail(one);
    fail(one);
    expect(load.retrying).toBe(1);
    one.end();
    one.end();
    expect(load.retrying).toBe(0);
  });

  test('a refused connection costs nothing', () => {
    const loads = new OriginLoads();
    const one = exchange(post, {}, loads);
    fail(one, refused);
    expect(loads.of(get.origin)).toMatchObject({ active: 1, retrying: 0, waiting: 1 });
    one.end();
    expect(loads.of(get.origin)).toMatchObject({ active: 0, retrying: 0, waiting: 0 });
  });

  test('counts it as waiting while it waits, and not while it is told to be patient for another reason', () => {
    const loads = new OriginLoads();
    const load = loads.of(get.origin);
    const one = exchange(get, {}, loads);
    const waiting = [refused, refused, lost, ownUf].map((failure) => {
      fail(one, failure);
      return load.waiting;
    });
    expect(waiting).toEqual([1, 1, 0, 1]);
    one.end();
    expect(load.waiting).toBe(0);
  });

  test('giving up ends it', () => {
    const loads = new OriginLoads();
    const one = exchange(post, {}, loads);
    expect(fail(one)).toEqual({ retry: false, why: 'not idempotent' });
    expect(loads.of(get.origin).active).toBe(0);
    const two = exchange(get, {}, loads);
    two.expired(false);
    expect(loads.of(get.origin).active).toBe(0);
  });
});

describe('the budget', () => {
  test('is asked once: who has begun to retry goes on', () => {
    const loads = new OriginLoads();
    const options = { retryBudgetMin: 1, retryBudget: 0, maxRetries: 3 };
    const first = exchange(get, options, loads);
    const second = exchange(get, options, loads);
    expect(fail(first).retry).toBe(true);
    expect(fail(second)).toEqual({ retry: false, why: 'retry budget exhausted' });
    expect(fail(first).retry).toBe(true);
    first.end();
    expect(fail(exchange(get, options, loads)).retry).toBe(true);
  });
});

describe('what counts as the same request done twice', () => {
  test.each<[string, Partial<RequestFacts>, MeshRetryOptions, boolean]>([
    ['a GET', { method: 'GET' }, {}, true],
    ['a POST', {}, {}, false],
    ['a POST with a key', { headers: { 'Idempotency-Key': 'a' } }, {}, true],
    [
      'a POST with a key that is not asked for',
      { headers: { 'Idempotency-Key': 'a' } },
      { idempotencyKeyHeader: false },
      false,
    ],
    ['a POST whose caller says so', { idempotent: true }, {}, true],
  ])('%s', (_, request, options, retry) => {
    expect(fail(exchange({ ...post, ...request }, options)).retry).toBe(retry);
  });
});

test('few retries and waiting are counted apart', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const one = exchange(get, { maxRetries: 1 });
  expect([refused, refused, refused, lost, refused, lost].map((failure) => fail(one, failure).retry)).toEqual([
    ...[true, true, true, true, true],
    false,
  ]);
  expect(one.summary()).toMatchObject({ attempts: 6, gaveUp: 'retries used up' });
  vi.mocked(Math.random).mockRestore();
});

test('the pauses grow with the retries', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const one = exchange(get, {
    maxRetries: 3,
    backoffBaseMs: 100,
    arrivalBaseMs: 10,
    arrivalCapMs: 40,
    arrivalSpreadMs: 0,
  });
  const pauses = [lost, lost, lost, refused, refused, refused, refused].map((failure) => {
    const decision = fail(one, failure);
    return decision.retry && decision.pauseMs;
  });
  expect(pauses).toEqual([50, 100, 200, 5, 10, 20, 20]);
  vi.mocked(Math.random).mockRestore();
});

test('many that wait spread themselves over time, each counted once', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const loads = new OriginLoads();
  const pauses = [1, 2, 3].map(() => {
    const decision = fail(exchange(post, { arrivalBaseMs: 0, arrivalSpreadMs: 100 }, loads), refused);
    return decision.retry && decision.pauseMs;
  });
  expect(pauses).toEqual([50, 100, 150]);
  const again = exchange(post, { arrivalBaseMs: 0, arrivalSpreadMs: 100 }, loads);
  for (const _ of [1, 2]) expect(fail(again, refused)).toMatchObject({ pauseMs: 200 });
  vi.mocked(Math.random).mockRestore();
});

describe('the deadline', () => {
  test.each<[string | undefined, number]>([
    [undefined, 10_000],
    ['3000', 3_000],
    ['10000', 10_000],
    ['20000', 10_000],
    ['0', 10_000],
    ['-1', 10_000],
    ['soon', 10_000],
    ['', 10_000],
    ['0.5', 0.5],
  ])('with x-envoy-expected-rq-timeout-ms %s: %i ms', (value, deadlineMs) => {
    const headers = { 'X-Envoy-Expected-Rq-Timeout-Ms': value };
    expect(exchange({ ...get, headers }).deadlineMs).toBe(deadlineMs);
  });

  test('leaves less time with each moment', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999);
    const one = exchange(get, { deadlineMs: 1_000, backoffBaseMs: 100, maxRetries: 5 });
    vi.advanceTimersByTime(900);
    expect(fail(one).retry).toBe(true);
    vi.advanceTimersByTime(50);
    expect(fail(one)).toEqual({ retry: false, why: 'deadline' });
    vi.mocked(Math.random).mockRestore();
  });

  test('that has passed tells so, with the last cause', () => {
    const one = exchange(get, { deadlineMs: 1_000 });
    fail(one, refused);
    vi.advanceTimersByTime(1_000);
    const error = one.expired(false);
    expect(error).toMatchObject({ code: 'MESH_DEADLINE', neverSent: true, gaveUp: 'deadline', elapsedMs: 1_000 });
    expect(error.message).toContain('deadline of 1000 ms');
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('never sent', () => {
  test.each<[string, Failure, RequestFacts, boolean]>([
    ['refused', refused, post, true],
    ['lost', lost, get, false],
    ["the sidecar's word", ownUf, post, true],
    ["the sidecar's word over https", ownUf, { ...get, origin: 'https://orders.test' }, false],
    ["the sidecar's word on half a body", { ...ownUf, bodySent: false }, get, false],
    ["an application's 503", busy, get, false],
  ])('%s', (_, failure, request, neverSent) => {
    const one = exchange(request);
    fail(one, failure);
    expect(one.neverSent).toBe(neverSent);
    expect(one.summary().neverSent).toBe(neverSent);
  });

  test('is over for good after one attempt that was sent', () => {
    const one = exchange();
    fail(one, lost);
    fail(one, refused);
    expect(one.neverSent).toBe(false);
  });

  test("the sidecar's word does not count where it is not trusted", () => {
    const one = exchange(get, { trustSidecar: 'off' });
    fail(one, ownUf);
    expect(one.neverSent).toBe(false);
  });

  test('makes the error', () => {
    const cause = networkError('ECONNREFUSED');
    const one = exchange();
    expect(one.networkError(cause)).toBeInstanceOf(MeshUnreachableError);
    expect(one.brokenReply(cause)).toBeInstanceOf(MeshInterruptedError);
    expect(one.networkError(cause)).toBeInstanceOf(MeshInterruptedError);
    expect(exchange().expired(true).neverSent).toBe(false);
  });
});

describe('what is known of it', () => {
  test('in the end', () => {
    const one = exchange(get, { maxRetries: 1 });
    fail(one, busy);
    vi.advanceTimersByTime(50);
    fail(one, lost);
    expect(one.summary()).toEqual({
      method: 'GET',
      url: 'http://orders.test/a',
      attempts: 2,
      elapsedMs: 50,
      neverSent: false,
      gaveUp: 'retries used up',
      firstCause: '503',
      classification: undefined,
    });
  });

  test('of the last reply', () => {
    const one = exchange(post, { trustSidecar: 'off' });
    fail(one, ownUf);
    expect(one.summary()).toMatchObject({
      firstCause: '503 UF',
      classification: { flag: 'UF', madeBy: 'own-sidecar' },
    });
  });

  test('before it has failed', () => {
    expect(exchange({ ...get, path: '/' }).summary()).toMatchObject({
      url: 'http://orders.test/',
      attempts: 0,
      gaveUp: 'not retryable',
      firstCause: undefined,
      classification: undefined,
    });
  });

  test.each([
    ['/a', '/a'],
    ['/a?', '/a'],
    ['?token', ''],
    ['/a?b?c', '/a'],
  ])('of the path %s: %s', (path, shown) => {
    expect(exchange({ ...get, path }).summary().url).toBe(`http://orders.test${shown}`);
  });
});

describe('what it tells the world', () => {
  const seen: [string, object][] = [];
  const listeners = Object.entries(httpChannels).map(([name, channel]) => {
    const listener = (event: unknown) => void seen.push([name, event as object]);
    return [channel, listener] as const;
  });
  beforeEach(() => {
    seen.length = 0;
    for (const [channel, listener] of listeners) subscribe(channel, listener);
  });
  afterEach(() => {
    for (const [channel, listener] of listeners) unsubscribe(channel, listener);
  });

  const common = { method: 'GET', origin: 'http://orders.test', path: '/a', elapsedMs: 0 };

  test('of retries and of giving up', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const one = exchange(get, { maxRetries: 1 });
    fail(one, busy);
    fail(one, ownUf);
    fail(one, lost);
    expect(seen.filter(([name]) => name !== 'wait')).toEqual([
      ['retry', { ...common, attempts: 1, failure: '503', pauseMs: 125, neverSent: false }],
      ['retry', { ...common, attempts: 2, failure: '503 UF', pauseMs: 25, neverSent: false }],
      ['giveUp', { ...common, attempts: 3, failure: 'ECONNRESET', why: 'retries used up' }],
    ]);
    vi.mocked(Math.random).mockRestore();
  });

  test('of a wait once, with those that wait already', () => {
    const loads = new OriginLoads();
    const first = exchange(get, {}, loads);
    fail(first, refused);
    fail(first, refused);
    fail(exchange(get, {}, loads), refused);
    expect(seen.filter(([name]) => name === 'wait')).toEqual([
      ['wait', { ...common, attempts: 1, failure: 'ECONNREFUSED', waiting: 1 }],
      ['wait', { ...common, attempts: 1, failure: 'ECONNREFUSED', waiting: 2 }],
    ]);
    expect(seen.filter(([name]) => name === 'retry')).toMatchObject([
      ['retry', { neverSent: true }],
      ['retry', { neverSent: true }],
      ['retry', { neverSent: true }],
    ]);
  });

  test('of a wait that begins again: nothing', () => {
    const one = exchange();
    for (const failure of [refused, lost, lost, refused]) fail(one, failure);
    expect(seen.map(([name]) => name)).toEqual(['wait', 'retry', 'retry', 'retry', 'retry']);
  });

  test('of a budget that is spent, with its state', () => {
    const loads = new OriginLoads();
    const options = { retryBudgetMin: 1, retryBudget: 0 };
    fail(exchange(get, options, loads));
    seen.length = 0;
    fail(exchange(get, options, loads));
    expect(seen).toEqual([
      ['budget', { ...common, attempts: 1, failure: 'ECONNRESET', active: 2, retrying: 1 }],
      ['giveUp', { ...common, attempts: 1, failure: 'ECONNRESET', why: 'retry budget exhausted' }],
    ]);
  });

  test('of an error without a code: its kind', () => {
    exchange(post).failed(lost, new Error('x'), true);
    expect(seen).toMatchObject([['giveUp', { failure: 'lost' }]]);
  });

  test('of a deadline', () => {
    exchange().expired(true);
    expect(seen).toMatchObject([['giveUp', { failure: 'deadline', why: 'deadline' }]]);
  });
});

describe('the log', () => {
  const lines: [string, object, string][] = [];
  const to = (level: string) => (fields: object, message: string) => void lines.push([level, fields, message]);
  const logger = { debug: to('debug'), info: to('info'), warn: to('warn'), error: to('error') };
  beforeEach(() => void lines.splice(0));

  test('gets a wait, each retry and the giving up', () => {
    const one = exchange(get, { logger, maxRetries: 0 });
    fail(one, refused);
    fail(one, lost);
    expect(lines.map(([level, , message]) => [level, message])).toEqual([
      ['info', 'waiting for http://orders.test (ECONNREFUSED)'],
      ['debug', 'retrying GET http://orders.test after ECONNREFUSED'],
      ['warn', 'gave up GET http://orders.test: ECONNRESET (retries used up)'],
    ]);
    expect(lines[1]?.[1]).toMatchObject({ pauseMs: expect.any(Number), attempts: 1, failure: 'ECONNREFUSED' });
    expect(lines[2]?.[1]).toMatchObject({ why: 'retries used up', attempts: 2 });
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  test('gets one line a second of what all requests of an origin have to say', () => {
    const loads = new OriginLoads();
    for (const _ of [1, 2, 3]) fail(exchange(post, { logger }, loads));
    fail(exchange({ ...post, origin: 'http://other.test' }, { logger }, loads));
    vi.advanceTimersByTime(1_000);
    fail(exchange(post, { logger }, loads));
    expect(lines.filter(([level]) => level === 'warn').map(([, fields]) => fields)).toMatchObject([
      { origin: 'http://orders.test' },
      { origin: 'http://other.test' },
      { origin: 'http://orders.test', suppressed: 2 },
    ]);
  });

  test('gets nothing of a failure that was never a candidate', () => {
    expect(fail(exchange(get, { logger }), replyFailure(500, {}, 'oops', true))).toMatchObject({
      why: 'not retryable',
    });
    expect(lines).toEqual([]);
  });
});
