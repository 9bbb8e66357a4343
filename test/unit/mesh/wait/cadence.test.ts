import { describe, expect, it } from 'vitest';
import { pauseBetweenQuestions, slowestMs } from '../../../../src/mesh/wait/cadence.ts';

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

it('asks at most 2,200 times in half a minute', () => {
  let asked = 0;
  for (let waited = 0; waited < 30_000; waited += pauseAt(waited)) asked++;
  expect(asked).toBeLessThanOrEqual(2_200);
  expect(asked).toBeGreaterThan(1_000);
});
