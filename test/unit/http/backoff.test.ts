import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrivalPause, backoffPause, retryAfterPause } from '../../../src/http/backoff.ts';
import { retrySettings } from '../../../src/http/options.ts';

const settings = retrySettings();

test('full jitter: between 0 and a bound that doubles up to its cap', () => {
  expect([1, 2, 3, 4, 5].map((retry) => backoffPause(retry, settings, 1))).toEqual([250, 500, 1000, 2000, 2000]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (retry, random) => {
      const pause = backoffPause(retry, settings, random);
      return pause >= 0 && pause <= settings.backoffCapMs;
    }),
  );
  expect(backoffPause(1, settings, 0)).toBe(0);
});

describe('waiting for an arrival', () => {
  test('a request alone comes back soon', () => {
    expect([1, 2, 3, 9].map((retry) => arrivalPause(retry, 1, settings, 1))).toEqual([50, 100, 100, 100]);
  });

  test('a hundred come back spread', () => {
    expect(arrivalPause(9, 100, settings, 1)).toBe(1_500);
  });
});

describe('in proportion to what was drawn', () => {
  const retry = fc.integer({ min: 1, max: 60 });
  const random = fc.double({ min: 0, max: 0.999, noNaN: true });

  test('backoff', () => {
    fc.assert(
      fc.property(retry, random, (count, drawn) => {
        const bound = Math.min(settings.backoffCapMs, settings.backoffBaseMs * 2 ** (count - 1));
        expect(backoffPause(count, settings, drawn)).toBeCloseTo(drawn * bound, 6);
      }),
    );
  });

  test('waiting', () => {
    fc.assert(
      fc.property(retry, fc.integer({ min: 1, max: 1_000 }), random, (count, waiting, drawn) => {
        const alone = Math.min(settings.arrivalCapMs, settings.arrivalBaseMs * 2 ** (count - 1));
        const bound = Math.max(alone, waiting * settings.arrivalSpreadMs);
        expect(arrivalPause(count, waiting, settings, drawn)).toBeCloseTo(drawn * bound, 6);
      }),
    );
  });

  test('Retry-After is never undercut, and exceeded by a quarter of a second at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), random, (afterMs, drawn) => {
        expect(retryAfterPause(afterMs, drawn)).toBeCloseTo(afterMs + drawn * 250, 6);
      }),
    );
  });
});
