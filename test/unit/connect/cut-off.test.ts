import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cutOff } from '../../../src/connect/cut-off.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const late = new Error('late');
const enough = new Error('enough');

/** Work that ends when the test says so, and what was made of it. */
function start(limitMs = 100, close: (value: string) => unknown = () => {}) {
  let resolve: (value: string) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const given: AbortSignal[] = [];
  const closed: string[] = [];
  const caller = new AbortController();
  const outcome = cutOff(
    (signal) => {
      given.push(signal);
      return new Promise<string>((yes, no) => {
        resolve = yes;
        reject = no;
      });
    },
    {
      limitMs,
      expired: () => late,
      signal: caller.signal,
      close: (value) => {
        closed.push(value);
        return close(value);
      },
    },
  );
  const settled = outcome.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  return {
    settled,
    given,
    closed,
    caller,
    resolve: (value: string) => resolve(value),
    reject: (e: unknown) => reject(e),
  };
}

describe('work that ends in time', () => {
  test('gives its value, and its signal never aborts', async () => {
    const { settled, given, closed, caller, resolve } = start();
    resolve('connected');
    expect(await settled).toEqual({ value: 'connected' });
    vi.advanceTimersByTime(1_000);
    caller.abort(enough);
    expect(given[0]?.aborted).toBe(false);
    expect(closed).toEqual([]);
  });

  test('fails with its own error', async () => {
    const { settled, reject, given } = start();
    const own = new Error('own');
    reject(own);
    expect(await settled).toEqual({ error: own });
    expect(given[0]?.aborted).toBe(false);
  });

  test('may throw at once', async () => {
    const own = new Error('own');
    const thrower = () => {
      throw own;
    };
    const cut = { limitMs: 100, expired: () => late, signal: new AbortController().signal, close: () => {} };
    await expect(cutOff(thrower, cut)).rejects.toBe(own);
  });
});

describe('work that is cut off', () => {
  test('at its limit, and not before', async () => {
    const { settled, given } = start(100);
    vi.advanceTimersByTime(99);
    expect(given[0]?.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await settled).toEqual({ error: late });
    expect(given[0]?.reason).toBe(late);
  });

  test('by the signal, before its limit', async () => {
    const { settled, given, caller } = start();
    caller.abort(enough);
    expect(await settled).toEqual({ error: enough });
    expect(given[0]?.reason).toBe(enough);
  });

  test('is not begun when the signal has aborted already', async () => {
    let begun = 0;
    const work = async () => {
      begun += 1;
    };
    const cut = { limitMs: 100, expired: () => late, signal: AbortSignal.abort(enough), close: () => {} };
    await expect(cutOff(work, cut)).rejects.toBe(enough);
    expect(begun).toBe(0);
  });

  test('has no limit where that is infinite', async () => {
    const { settled, caller } = start(Number.POSITIVE_INFINITY);
    expect(vi.getTimerCount()).toBe(0);
    caller.abort(enough);
    expect(await settled).toEqual({ error: enough });
  });

  test('is settled once, by what comes first', async () => {
    const { settled, given, caller, reject } = start();
    vi.advanceTimersByTime(100);
    caller.abort(enough);
    reject(new Error('own'));
    expect(await settled).toEqual({ error: late });
    expect(given[0]?.reason).toBe(late);
  });

  test('has its value closed when one comes all the same', async () => {
    const { settled, closed, resolve } = start();
    vi.advanceTimersByTime(100);
    resolve('connected');
    await settled;
    await Promise.resolve();
    expect(closed).toEqual(['connected']);
  });

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('unheard');
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('unheard');
      },
    ],
  ])('of a close that %s nobody hears', async (_, close) => {
    const { settled, closed, resolve } = start(100, close);
    vi.advanceTimersByTime(100);
    resolve('connected');
    await settled;
    for (let i = 0; i < 5; i += 1) await Promise.resolve();
    expect(closed).toEqual(['connected']);
  });
});
