import { expect, test } from 'vitest';
import { createEventLoopCheck } from '../../../src/health/event-loop-check.ts';

const noLimits = { maxDelayMs: Number.POSITIVE_INFINITY, maxUtilization: 1 };
const context = { signal: new AbortController().signal };
const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
};

test('a loop that never waits exceeds its utilization, one without a limit does not', async () => {
  const limited = createEventLoopCheck({ ...noLimits, maxUtilization: 0.5 });
  const unlimited = createEventLoopCheck(noLimits);
  limited(context);
  const until = performance.now() + 50;
  while (performance.now() < until) await turns(10);
  expect(limited(context)).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^utilization 0\.\d+|^utilization 1\.00/),
  });
  expect(unlimited(context)).toBe(true);
  limited.stop();
  unlimited.stop();
});

test('a loop that waits is not utilized', async () => {
  const check = createEventLoopCheck({ ...noLimits, maxUtilization: 0.5 });
  check(context);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(check(context)).toBe(true);
  check.stop();
});
