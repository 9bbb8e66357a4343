import { expect, test } from 'vitest';
import { createGivenUpRuns } from '../../../src/health/given-up-runs.ts';

const run = () => ({ ended: false });

test('three may be left behind at once; the next waits until the oldest of them counts no more', () => {
  const runs = createGivenUpRuns();
  for (const now of [1_000, 2_000, 3_000]) {
    expect(runs.waitMs(now)).toBe(0);
    runs.add(run(), now);
  }
  expect(runs.waitMs(4_000)).toBe(57_000);
  expect(runs.waitMs(60_999)).toBe(1);
  expect(runs.waitMs(61_000)).toBe(0);
  runs.add(run(), 61_000);
  expect(runs.waitMs(61_000)).toBe(1_000);
});

test('one that has ended does not count', () => {
  const runs = createGivenUpRuns();
  const [first, second, third] = [run(), run(), run()];
  for (const one of [first, second, third]) runs.add(one, 0);
  expect(runs.waitMs(1)).toBeGreaterThan(0);
  second.ended = true;
  expect(runs.waitMs(2)).toBe(0);
});
