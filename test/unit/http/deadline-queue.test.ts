import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DeadlineQueue } from '../../../src/http/deadline-queue.ts';

// The clock is the one thing faked: these are about which moment, and a real one cannot be held.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  // First, or the spy puts the faked timer back in the place of the real one.
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('each expires at its own moment, and what was removed does not', () => {
  const timers = vi.spyOn(globalThis, 'setTimeout');
  const queue = new DeadlineQueue(1_000);
  const expired: string[] = [];
  const add = (name: string) => queue.add({ expire: () => void expired.push(name) }, performance.now());
  add('first');
  vi.advanceTimersByTime(400);
  const removed = add('removed');
  add('second');
  queue.remove(removed);
  queue.remove(removed);
  vi.advanceTimersByTime(599);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual(['first']);
  vi.advanceTimersByTime(400);
  expect(expired).toEqual(['first', 'second']);
  expect(vi.getTimerCount()).toBe(0);
  expect(timers).toHaveBeenCalledTimes(2);
  add('third');
  vi.advanceTimersByTime(1_000);
  expect(expired.at(-1)).toBe('third');
});

test('one timer for all', () => {
  const queue = new DeadlineQueue(1_000);
  for (let i = 0; i < 100; i += 1) queue.add({ expire() {} }, performance.now());
  expect(vi.getTimerCount()).toBe(1);
});
