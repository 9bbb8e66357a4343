import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, type Failure, isTrusted, type Situation } from '../../../src/http/decide.ts';
import type { SidecarTrust } from '../../../src/http/mesh-retry-options.ts';
import type { NetworkFault } from '../../../src/http/network-error.ts';
import { type RetrySettings, retrySettings } from '../../../src/http/options.ts';
import type { ReplyMaker } from '../../../src/mesh/replies/envoy-reply.ts';
import type { Processed, RetryAdvice } from '../../../src/mesh/replies/retry-advice.ts';
import { longestTimerMs } from '../../../src/shared/pause.ts';

const faults: NetworkFault[] = ['refused', 'unreachable', 'unknown-name', 'unclear', 'refused-stream', 'lost'];
const makers: ReplyMaker[] = ['own-sidecar', 'remote-sidecar', 'app', 'unknown'];
const processedBy: Processed[] = ['no', 'no-by-istio-default-policy', 'maybe', 'yes'];
const advices: RetryAdvice[] = [
  'any-method',
  'short-wait',
  'idempotent',
  'idempotent-once',
  'after-retry-after',
  'never',
];
const levels: SidecarTrust[] = ['strict', 'istio-default-policy', 'off'];

const network: fc.Arbitrary<Failure & { kind: 'network' }> = fc.record({
  kind: fc.constant('network' as const),
  fault: fc.constantFrom(...faults),
  neverSent: fc.boolean(),
});

const reply: fc.Arbitrary<Failure & { kind: 'reply' }> = fc.record({
  kind: fc.constant('reply' as const),
  status: fc.constantFrom(400, 404, 429, 500, 502, 503, 504),
  classification: fc.record({
    madeBy: fc.constantFrom(...makers),
    flag: fc.constantFrom(undefined, 'UF', 'UH', 'UC', 'NR'),
    reason: fc.constantFrom(undefined, 'overflow'),
    processed: fc.constantFrom(...processedBy),
    retry: fc.constantFrom(...advices),
    message: fc.constant(''),
  }),
  retryAfterMs: fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined }),
  bodySent: fc.boolean(),
});

const failure = fc.oneof(network, reply);

const situation: fc.Arbitrary<Situation> = fc.record({
  idempotent: fc.boolean(),
  plainText: fc.boolean(),
  replayable: fc.boolean(),
  retries: fc.nat(4),
  arrivals: fc.nat(30),
  remainingMs: fc.oneof(fc.double({ min: -10, max: 10_000, noNaN: true }), fc.constant(Number.POSITIVE_INFINITY)),
  waiting: fc.integer({ min: 1, max: 200 }),
  withinBudget: fc.boolean(),
});

const settings: fc.Arbitrary<RetrySettings> = fc
  .record({
    trustSidecar: fc.constantFrom(...levels),
    maxRetries: fc.nat(3),
    retryStatuses: fc.constantFrom([429, 502, 503, 504], [404, 500], []),
  })
  .map((options) => retrySettings(options));

const random = fc.double({ min: 0, max: 0.999_999, noNaN: true });

/** Nobody can have acted on the request, by the fault itself or by the word of a sidecar that is believed. */
function isProvenUntouched(failed: Failure, at: Situation, { trustSidecar }: RetrySettings): boolean {
  if (failed.kind === 'network') return failed.neverSent;
  const { madeBy, processed } = failed.classification;
  const believed = { strict: ['no'], 'istio-default-policy': ['no', 'no-by-istio-default-policy'], off: [] }[
    trustSidecar
  ];
  const isKnown = madeBy === 'own-sidecar' || (madeBy === 'remote-sidecar' && processed !== 'no');
  return isKnown && (believed as string[]).includes(processed) && failed.bodySent && at.plainText;
}

function holds(check: (failed: Failure, at: Situation, under: RetrySettings, drawn: number) => void): void {
  fc.assert(fc.property(failure, situation, settings, random, check), { numRuns: 2_000 });
}

test('what is not idempotent is repeated only where it is proven that nobody has acted on it', () => {
  holds((failed, at, under, drawn) => {
    if (at.idempotent || isProvenUntouched(failed, at, under)) return;
    expect(decide(failed, at, under, drawn).retry).toBe(false);
  });
});

test('being idempotent never takes a retry away', () => {
  holds((failed, at, under, drawn) => {
    if (!decide(failed, { ...at, idempotent: false }, under, drawn).retry) return;
    expect(decide(failed, { ...at, idempotent: true }, under, drawn).retry).toBe(true);
  });
});

test('a body that cannot be replayed is not', () => {
  holds((failed, at, under, drawn) => {
    expect(decide(failed, { ...at, replayable: false }, under, drawn).retry).toBe(false);
  });
});

test('a status that is not in the list is none to be repeated on', () => {
  holds((failed, at, under, drawn) => {
    if (failed.kind !== 'reply' || under.retryStatuses.includes(failed.status)) return;
    expect(decide(failed, at, under, drawn)).toEqual({ retry: false, why: 'not retryable' });
  });
});

test('what may have been processed is repeated maxRetries times at most', () => {
  holds((failed, at, under, drawn) => {
    const decision = decide(failed, at, under, drawn);
    if (!decision.retry || decision.patience === 'arrival') return;
    expect(at.retries).toBeLessThan(under.maxRetries);
  });
});

test('time is given only to what has reached nobody, or to a sidecar that says so', () => {
  holds((failed, at, under, drawn) => {
    const decision = decide(failed, at, under, drawn);
    if (!decision.retry || decision.patience !== 'arrival') return;
    if (failed.kind === 'network') {
      expect(failed.neverSent).toBe(true);
      expect(['unknown-name', 'unclear', 'refused-stream']).not.toContain(failed.fault);
    } else {
      const { madeBy, processed } = failed.classification;
      if (madeBy !== 'own-sidecar')
        expect([madeBy, processed]).toEqual(['remote-sidecar', 'no-by-istio-default-policy']);
      expect(['UF', 'UH']).toContain(failed.classification.flag);
    }
  });
});

test('a pause ends before the deadline, and a Retry-After before the pause', () => {
  holds((failed, at, under, drawn) => {
    const decision = decide(failed, at, under, drawn);
    if (!decision.retry) return;
    expect(decision.pauseMs).toBeGreaterThanOrEqual(0);
    expect(decision.pauseMs).toBeLessThan(at.remainingMs);
    if (failed.kind === 'reply' && failed.retryAfterMs !== undefined) {
      expect(decision.pauseMs).toBeGreaterThanOrEqual(failed.retryAfterMs);
    }
  });
});

test('only what waits for somebody to listen is free of the budget', () => {
  holds((failed, at, under, drawn) => {
    const isFree =
      failed.kind === 'network'
        ? failed.fault === 'refused' && failed.neverSent
        : isProvenUntouched(failed, at, under) && ['UF', 'UH'].includes(failed.classification.flag ?? '');
    const decision = decide(failed, { ...at, withinBudget: false }, under, drawn);
    if (!isFree) expect(decision.retry).toBe(false);
    else expect(decision).toEqual(decide(failed, { ...at, withinBudget: true }, under, drawn));
    if (decision.retry) expect(decision.budgeted).toBe(false);
  });
});

describe('edges', () => {
  const under = retrySettings();
  const at: Situation = {
    idempotent: true,
    plainText: true,
    replayable: true,
    retries: 0,
    arrivals: 0,
    remainingMs: 1_000,
    waiting: 1,
    withinBudget: true,
  };
  const lost: Failure = { kind: 'network', fault: 'lost', neverSent: false };
  const limited = (retryAfterMs: number, retry: RetryAdvice = 'idempotent'): Failure => ({
    kind: 'reply',
    status: 429,
    classification: { madeBy: 'app', flag: undefined, reason: undefined, processed: 'maybe', retry, message: '' },
    retryAfterMs,
    bodySent: true,
  });

  test('a pause that is as long as what is left is too long', () => {
    expect(decide(lost, { ...at, remainingMs: 125 }, under, 0.5)).toEqual({ retry: false, why: 'deadline' });
    expect(decide(lost, { ...at, remainingMs: 125.1 }, under, 0.5)).toMatchObject({ retry: true, pauseMs: 125 });
  });

  test('a Retry-After as well', () => {
    const why = 'Retry-After lies beyond the deadline';
    expect(decide(limited(1_000), at, under, 0)).toEqual({ retry: false, why });
    expect(decide(limited(999), at, under, 0)).toMatchObject({ retry: true, pauseMs: 999 });
    expect(decide(limited(999), at, under, 0.5)).toMatchObject({ retry: true, pauseMs: 999.5 });
    const forever = { ...at, remainingMs: Number.POSITIVE_INFINITY };
    expect(decide(limited(longestTimerMs), forever, under, 0)).toEqual({ retry: false, why });
    expect(decide(limited(longestTimerMs - 1), forever, under, 0)).toMatchObject({ retry: true });
  });

  test('a Retry-After spreads over a quarter of a second where there is time', () => {
    expect(decide(limited(200), { ...at, remainingMs: 10_000 }, under, 0.5)).toMatchObject({ pauseMs: 325 });
  });

  test('a rate limit without a Retry-After is not repeated on, with one it is', () => {
    const { kind, ...rest } = limited(10, 'after-retry-after') as Failure & { kind: 'reply' };
    expect(decide({ kind, ...rest }, at, under, 0).retry).toBe(true);
    expect(decide({ kind, ...rest, retryAfterMs: undefined }, at, under, 0)).toEqual({
      retry: false,
      why: 'not retryable',
    });
    expect(decide({ kind, ...rest }, { ...at, idempotent: false }, under, 0)).toEqual({
      retry: false,
      why: 'not idempotent',
    });
  });

  test('what is worth one retry gets one, and none where there are none', () => {
    const refusedStream: Failure = { kind: 'network', fault: 'refused-stream', neverSent: true };
    const once = limited(1, 'idempotent-once');
    for (const failed of [refusedStream, once]) {
      expect(decide(failed, at, under, 0)).toMatchObject({ retry: true, patience: 'few' });
      expect(decide(failed, { ...at, retries: 1 }, under, 0)).toEqual({ retry: false, why: 'retries used up' });
      expect(decide(failed, at, retrySettings({ maxRetries: 0 }), 0)).toEqual({ retry: false, why: 'retries used up' });
    }
  });

  test("a sidecar's word that there is no endpoint, or none that answers, is one to wait", () => {
    const own = (flag: string): Failure => {
      const said = {
        madeBy: 'own-sidecar',
        processed: 'no',
        reason: undefined,
        retry: 'any-method',
        message: '',
      } as const;
      const rest = { retryAfterMs: undefined, bodySent: true };
      return { kind: 'reply', status: 503, classification: { ...said, flag }, ...rest };
    };
    const patienceOf = (flag: string) => {
      const decision = decide(own(flag), at, under, 0);
      return decision.retry && decision.patience;
    };
    expect(['UF', 'UH', 'UC', 'UR'].map(patienceOf)).toEqual(['arrival', 'arrival', 'few', 'few']);
  });

  test('the pauses follow the retries and the arrivals, each its own', () => {
    const pauseOf = (failed: Failure, more: Partial<Situation>) => {
      const decision = decide(failed, { ...at, remainingMs: 10_000, ...more }, retrySettings({ maxRetries: 9 }), 0.5);
      return decision.retry && decision.pauseMs;
    };
    const refused: Failure = { kind: 'network', fault: 'refused', neverSent: true };
    expect([0, 1, 2].map((retries) => pauseOf(lost, { retries, arrivals: 7 }))).toEqual([125, 250, 500]);
    expect([0, 1, 2].map((arrivals) => pauseOf(refused, { arrivals, retries: 7 }))).toEqual([25, 50, 50]);
  });

  test("a status in the caller's own list is repeated on, unless a sidecar gave it", () => {
    const listed = retrySettings({ retryStatuses: [429] });
    const app = limited(1, 'never') as Failure & { kind: 'reply' };
    expect(decide(app, at, listed, 0).retry).toBe(true);
    expect(decide(app, { ...at, idempotent: false }, listed, 0)).toEqual({ retry: false, why: 'not idempotent' });
    for (const own of [
      { madeBy: 'own-sidecar' as const },
      { madeBy: 'remote-sidecar' as const },
      { madeBy: 'unknown' as const, flag: 'UO' },
      { madeBy: 'unknown' as const, reason: 'overflow' },
    ]) {
      const refusal = { ...app, classification: { ...app.classification, ...own } };
      expect(decide(refusal, at, listed, 0)).toEqual({ retry: false, why: 'not retryable' });
    }
    const unknown = { ...app, classification: { ...app.classification, madeBy: 'unknown' as const } };
    expect(decide(unknown, at, listed, 0).retry).toBe(true);
  });
});

test.each<[ReplyMaker, Processed, SidecarTrust, boolean]>([
  ['own-sidecar', 'no', 'strict', true],
  ['own-sidecar', 'no-by-istio-default-policy', 'strict', false],
  ['own-sidecar', 'no', 'istio-default-policy', true],
  ['own-sidecar', 'no-by-istio-default-policy', 'istio-default-policy', true],
  ['own-sidecar', 'maybe', 'istio-default-policy', false],
  ['own-sidecar', 'yes', 'istio-default-policy', false],
  ['own-sidecar', 'no', 'off', false],
  ['remote-sidecar', 'no', 'istio-default-policy', false],
  ['remote-sidecar', 'no', 'strict', false],
  ['remote-sidecar', 'no-by-istio-default-policy', 'istio-default-policy', true],
  ['remote-sidecar', 'no-by-istio-default-policy', 'strict', false],
  ['remote-sidecar', 'no-by-istio-default-policy', 'off', false],
  ['unknown', 'no', 'strict', false],
  ['unknown', 'no-by-istio-default-policy', 'istio-default-policy', false],
])('%s says "%s", believed under %s: %s', (madeBy, processed, level, trusted) => {
  const classification = {
    madeBy,
    processed,
    flag: 'UF',
    reason: undefined,
    retry: 'any-method',
    message: '',
  } as const;
  expect(isTrusted(classification, level)).toBe(trusted);
});
