import { describe, expect, test } from 'vitest';
import { decide, type Failure, type Situation } from '../../../src/http/decide.ts';
import { retrySettings } from '../../../src/http/options.ts';
import { classifyReply } from '../../../src/mesh/replies/envoy-reply.ts';

const settings = retrySettings();
const situation: Situation = {
  idempotent: false,
  plainText: true,
  replayable: true,
  retries: 0,
  arrivals: 0,
  remainingMs: 10_000,
  waiting: 1,
  withinBudget: true,
};
const idempotent = { ...situation, idempotent: true };
const resetPrefix = 'upstream connect error or disconnect/reset before headers. reset reason: ';

function own(body: string, status = 503, more: Record<string, string> = {}): Failure & { kind: 'reply' } {
  const classification = classifyReply({ status, headers: { server: 'envoy', ...more }, body });
  return { kind: 'reply', status, classification, retryAfterMs: undefined, bodySent: true };
}

const refused: Failure = { kind: 'network', fault: 'refused', neverSent: true };
const lost: Failure = { kind: 'network', fault: 'lost', neverSent: false };

describe('permission', () => {
  test.each([
    ['never sent', refused, true],
    ['lost after it was sent', lost, false],
    ['UF', own(`${resetPrefix}remote connection failure`), true],
    ['refused stream', own(`${resetPrefix}remote refused stream reset`), true],
    ['NC', own(''), true],
    ['UH: the try before it may have been delivered', own('no healthy upstream'), false],
    ['UH, counted as the only try', own('no healthy upstream', 503, { 'x-envoy-attempt-count': '1' }), true],
    ['UC', own(`${resetPrefix}connection termination`), false],
    ['UT', own('upstream request timeout', 504), false],
    ['UPE', own(`${resetPrefix}protocol error`, 502), false],
  ])('a POST, strict: %s', (_, failure, retry) => {
    expect(decide(failure, situation, settings, 0.5).retry).toBe(retry);
  });

  test('a UH is trusted under the policy that makes it harmless', () => {
    const trusting = retrySettings({ trustSidecar: 'istio-default-policy' });
    expect(decide(own('no healthy upstream'), situation, trusting, 0).retry).toBe(true);
  });

  test('off: the word of the sidecar does not count', () => {
    const off = retrySettings({ trustSidecar: 'off' });
    expect(decide(own(`${resetPrefix}remote connection failure`), situation, off, 0)).toEqual({
      retry: false,
      why: 'not idempotent',
    });
    expect(decide(own(`${resetPrefix}remote connection failure`), idempotent, off, 0).retry).toBe(true);
  });

  test.each([
    [
      'the body was not sent in full',
      { ...own(`${resetPrefix}remote connection failure`), bodySent: false },
      situation,
    ],
    [
      'over https the sidecar cannot speak for it',
      own(`${resetPrefix}remote connection failure`),
      { ...situation, plainText: false },
    ],
  ])('nor where %s', (_, failure, at) => {
    expect(decide(failure, at, settings, 0)).toEqual({ retry: false, why: 'not idempotent' });
  });

  test.each([
    ['UO', own(`${resetPrefix}overflow`, 503, { 'x-envoy-overloaded': 'true' })],
    ['NR', own('', 404)],
    ['RBAC', own('RBAC: access denied', 403)],
    ['426', own('Upgrade Required', 426)],
    [
      'TLS mismatch',
      own(`${resetPrefix}remote connection failure, transport failure reason: TLS_error:|1:SSL routines`),
    ],
    ['REGISTRY_ONLY', own('', 502)],
    ['rate limited without Retry-After', own('', 429, { 'x-envoy-ratelimited': 'true' })],
    ['local rate limit without Retry-After', own('local_rate_limited', 429)],
    ['500', own('oops', 500)],
  ])('never, even for GET: %s', (_, failure) => {
    expect(decide(failure, idempotent, settings, 0)).toEqual({ retry: false, why: 'not retryable' });
  });

  test('what cannot be replayed is not repeated', () => {
    expect(decide(refused, { ...situation, replayable: false }, settings, 0)).toEqual({
      retry: false,
      why: 'body cannot be replayed',
    });
  });
});

describe('the two patiences', () => {
  test('what was never sent is not counted', () => {
    expect(decide(refused, { ...situation, arrivals: 100, retries: 2 }, settings, 0)).toMatchObject({
      retry: true,
      patience: 'arrival',
    });
    expect(
      decide(own(`${resetPrefix}remote connection failure`), { ...situation, arrivals: 50 }, settings, 0).retry,
    ).toBe(true);
  });

  test('what may have been processed is repeated twice', () => {
    expect(decide(lost, { ...idempotent, retries: 1 }, settings, 0)).toMatchObject({ retry: true, patience: 'few' });
    expect(decide(lost, { ...idempotent, retries: 2 }, settings, 0)).toEqual({ retry: false, why: 'retries used up' });
  });

  test('a protocol error once', () => {
    const failure = own(`${resetPrefix}protocol error`, 502);
    expect(decide(failure, idempotent, settings, 0).retry).toBe(true);
    expect(decide(failure, { ...idempotent, retries: 1 }, settings, 0).retry).toBe(false);
  });

  test('an unknown name and a missing cluster few times', () => {
    const unknown: Failure = { kind: 'network', fault: 'unknown-name', neverSent: true };
    expect(decide(unknown, situation, settings, 0)).toMatchObject({ patience: 'few' });
    expect(decide(own(''), situation, settings, 0)).toMatchObject({ patience: 'few' });
  });

  test('no pause goes beyond the deadline', () => {
    expect(decide(lost, { ...idempotent, remainingMs: 100 }, settings, 0.5)).toEqual({ retry: false, why: 'deadline' });
  });
});

describe('Retry-After', () => {
  const limited = { ...own('local_rate_limited', 429), retryAfterMs: 2_000 };

  test('makes a rate limit worth a retry, for any method: nobody has processed it', () => {
    const decision = decide(limited, situation, settings, 0.5);
    expect(decision.retry && decision.pauseMs).toBeGreaterThanOrEqual(2_000);
    expect(decision.retry && decision.pauseMs).toBeLessThan(3_000);
  });

  test('never shorter, and never beyond a deadline that it fits into', () => {
    const decision = decide(limited, { ...situation, remainingMs: 2_010 }, settings, 0.999);
    expect(decision.retry && decision.pauseMs).toBeGreaterThanOrEqual(2_000);
    expect(decision.retry && decision.pauseMs).toBeLessThan(2_010);
  });

  test('beyond the deadline: at once', () => {
    expect(decide(limited, { ...situation, remainingMs: 2_000 }, settings, 0)).toEqual({
      retry: false,
      why: 'Retry-After lies beyond the deadline',
    });
  });
});

test('the budget holds for everything but refused connections', () => {
  const broke = { ...idempotent, withinBudget: false };
  expect(decide(lost, broke, settings, 0)).toEqual({ retry: false, why: 'retry budget exhausted' });
  expect(decide(own('no healthy upstream'), broke, settings, 0).retry).toBe(false);
  expect(decide(refused, broke, settings, 0)).toMatchObject({ retry: true, budgeted: false });
});
