import { describe, expect, it } from 'vitest';
import { pauseAfter, pauseBetweenLooks, pauseBetweenQuestions, slowestMs } from '../../../../src/mesh/wait/cadence.ts';

const pauseAt = (waitedMs: number, intervalMs = 10) => pauseBetweenQuestions(waitedMs, { intervalMs });

describe('the pause between two questions', () => {
  it.each([
    [0, 10],
    [1_999.9, 10],
    [2_000, 16],
    [29_999.9, 16],
    [30_000, 16],
    [45_000, 24],
    [60_000, 32],
    [187_400, 99.94666666666667],
    [187_500, 100],
    [3_600_000, 100],
  ])('after %f ms is %f', (waitedMs, pauseMs) => {
    expect(pauseAt(waitedMs)).toBeCloseTo(pauseMs, 9);
  });

  it('never becomes shorter', () => {
    let before = 0;
    for (let waited = 0; waited < 400_000; waited += 100) {
      const pause = pauseAt(waited);
      expect(pause).toBeGreaterThanOrEqual(before);
      before = pause;
    }
    expect(before).toBe(slowestMs);
  });

  it.each([
    [99, 0, 99],
    [99, 2_000, 100],
    [100, 0, 100],
    [100, 60_000, 100],
    [500, 0, 500],
    [500, 60_000, 500],
  ])('of an interval of %i ms after %i is %i: what is slow already stays as it is', (interval, waited, pause) => {
    expect(pauseAt(waited, interval)).toBe(pause);
  });
});

describe('the pause between two looks', () => {
  it.each([
    [0, 4],
    [1_999.9, 4],
    [2_000, 8],
    [30_000, 8],
    [45_000, 12],
    [75_000, 20],
    [3_600_000, 20],
  ])('after %f ms is %f', (waitedMs, pauseMs) => {
    expect(pauseBetweenLooks(waitedMs, { intervalMs: 10 }, 2)).toBeCloseTo(pauseMs, 9);
  });

  it.each([
    ['is never shorter than what is cheap', 10, 16, 16],
    ['follows a shorter interval', 1, 0, 0.4],
    ['follows a longer interval', 500, 2, 100],
  ])('%s', (_, intervalMs, leastMs, pauseMs) => {
    expect(pauseBetweenLooks(0, { intervalMs }, leastMs)).toBeCloseTo(pauseMs, 9);
  });
});

it('asks at most 2,200 times in half a minute', () => {
  let asked = 0;
  for (let waited = 0; waited < 30_000; waited += pauseAt(waited)) asked++;
  expect(asked).toBeLessThanOrEqual(2_200);
  expect(asked).toBeGreaterThan(1_000);
});

describe('the pause after a reply', () => {
  const reply = (length: number) => ({ kind: 'reply', status: 200, body: 'x'.repeat(length) }) as const;
  const failed = (failure: 'protocol' | 'too-large') => ({ kind: 'failed', failure, detail: '', sent: true }) as const;

  it.each([
    ['as long as the longest of Istio', reply(126_000), 10],
    ['of a quarter of a megabyte', reply(262_144), 10],
    ['beyond', reply(262_145), 1_000],
    ['that was read in part, since it was too large', failed('too-large'), 1_000],
    ['that is no HTTP', failed('protocol'), 10],
  ])('%s', (_, seen, pauseMs) => {
    expect(pauseAfter(seen, 0, { intervalMs: 10 })).toBe(pauseMs);
  });

  it('is the interval where that is longer', () => {
    expect(pauseAfter(failed('too-large'), 0, { intervalMs: 5_000 })).toBe(5_000);
  });
});
