import { expect, it } from 'vitest';
import { pauseBetweenQuestions, slowestMs } from '../../../../src/mesh/wait/cadence.ts';

const pauseAt = (waitedMs: number, intervalMs = 10) => pauseBetweenQuestions(waitedMs, { intervalMs });

it('asks every interval while the wait is young', () => {
  expect([0, 500, 1_999].map((waited) => pauseAt(waited))).toEqual([10, 10, 10]);
});

it('becomes slower, never faster, and never slower than a tenth of a second', () => {
  let before = 0;
  for (let waited = 0; waited < 3_600_000; waited += 500) {
    const pause = pauseAt(waited);
    expect(pause).toBeGreaterThanOrEqual(before);
    expect(pause).toBeLessThanOrEqual(slowestMs);
    before = pause;
  }
  expect(before).toBe(slowestMs);
});

it('asks at most 2,200 times in half a minute', () => {
  let asked = 0;
  for (let waited = 0; waited < 30_000; waited += pauseAt(waited)) asked++;
  expect(asked).toBeLessThanOrEqual(2_200);
  expect(asked).toBeGreaterThan(1_000);
});

it('an interval that is slower already stays as it is', () => {
  expect([0, 60_000].map((waited) => pauseAt(waited, 500))).toEqual([500, 500]);
});
