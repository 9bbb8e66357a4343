import { expect, test } from 'vitest';
import { retrySettings } from '../../../src/http/options.ts';
import { hasBudget, OriginLoads } from '../../../src/http/retry-budget.ts';

const settings = retrySettings();

test.each([
  [1, 0, true],
  [1, 2, true],
  [1, 3, false],
  [15, 3, false],
  [20, 3, true],
  [100, 19, true],
  [100, 20, false],
])('%i active, %i retrying: %s', (active, retrying, room) => {
  expect(hasBudget({ active, retrying }, settings)).toBe(room);
});

test('origins have loads of their own, and idle ones are forgotten when there are many', () => {
  const loads = new OriginLoads();
  loads.of('http://busy').active = 1;
  expect(loads.of('http://busy')).toBe(loads.of('http://busy'));
  for (let i = 0; i < 5_000; i += 1) loads.of(`http://${i}`);
  expect(loads.of('http://busy').active).toBe(1);
});
