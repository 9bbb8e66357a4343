import { describe, expect, test } from 'vitest';
import type { MeshRetryOptions } from '../../../src/http/mesh-retry-options.ts';
import { retrySettings } from '../../../src/http/options.ts';
import { MeshOptionError } from '../../../src/shared/mesh-option-error.ts';

type Name = keyof MeshRetryOptions;

const longestMs = 2 ** 31 - 1;
const limit = {
  good: [0.1, 1, longestMs, Number.POSITIVE_INFINITY],
  bad: [0, -1, longestMs + 1, Number.NaN, '1', true],
};
const pause = { good: [0, 0.5, longestMs], bad: [-0.1, longestMs + 1, Number.POSITIVE_INFINITY, Number.NaN, '1'] };
const count = { good: [0, 1, 1_000], bad: [-1, 0.5, Number.POSITIVE_INFINITY, Number.NaN, '1'] };

/** On either side of every edge. */
const edges: { readonly [name in Name]: { readonly good: readonly unknown[]; readonly bad: readonly unknown[] } } = {
  trustSidecar: { good: ['strict', 'istio-default-policy', 'off'], bad: ['', 'Strict', true, 0] },
  deadlineMs: limit,
  attemptTimeoutMs: limit,
  maxRetries: count,
  backoffBaseMs: pause,
  backoffCapMs: pause,
  arrivalBaseMs: pause,
  arrivalCapMs: pause,
  arrivalSpreadMs: pause,
  retryStatuses: {
    good: [[], [400], [599], [400, 599]],
    bad: [[399], [600], [503, 200], [503.5], ['503'], 503, '503', { length: 0 }],
  },
  idempotencyKeyHeader: { good: [false, 'x', 'Idempotency-Key'], bad: ['', true, 0] },
  retryBudget: { good: [0, 0.5, 1], bad: [-0.1, 1.1, Number.NaN, '1'] },
  retryBudgetMin: count,
  failedReplies: { good: ['return', 'throw'], bad: ['', 'Throw', true] },
  spans: { good: ['request', 'attempts'], bad: ['', 'attempt', true] },
  logger: { good: [console], bad: [{}, { ...console, debug: undefined }, 'pino', () => {}, null] },
};

describe.each(Object.entries(edges))('%s', (name, { good, bad }) => {
  test.each(good.map((value) => [value]))('takes %j', (value) => {
    expect(retrySettings({ [name]: value })).toMatchObject({ [name]: value });
  });

  test.each(bad.map((value) => [value]))('refuses %j', (value) => {
    expect(() => retrySettings({ [name]: value })).toThrow(MeshOptionError);
    expect(() => retrySettings({ [name]: value })).toThrow(name);
  });
});
