import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
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

describe('the loads of origins', () => {
  test('are their own, and stay the same', () => {
    const loads = new OriginLoads();
    const [a, b] = [loads.of('http://a'), loads.of('http://b')];
    expect(a).not.toBe(b);
    expect([loads.of('http://a'), loads.of('http://b'), loads.of('http://b')]).toEqual([a, b, b]);
    expect(loads.of('http://a')).toBe(a);
    expect(a).toMatchObject({ active: 0, retrying: 0, waiting: 0 });
  });

  test('the empty origin is one like the others', () => {
    const loads = new OriginLoads();
    const empty = loads.of('');
    empty.active = 1;
    loads.of('http://a');
    expect(loads.of('').active).toBe(1);
  });

  /** As many origins as are remembered, all of them idle but those that are named. */
  function full(...busy: string[]): OriginLoads {
    const loads = new OriginLoads();
    for (const origin of busy) loads.of(origin).active = 1;
    for (let i = busy.length; i < 1_000; i += 1) loads.of(`http://${i}`);
    return loads;
  }

  test('a thousand are remembered, used or not', () => {
    const loads = full();
    const marked = loads.of('http://0');
    marked.waiting = 7;
    for (let i = 0; i < 1_000; i += 1) loads.of(`http://${i}`);
    expect(loads.of('http://0')).toBe(marked);
  });

  test('with one more the idle ones are forgotten, and the busy ones are not', () => {
    const loads = full('http://busy');
    const idle = loads.of('http://5');
    loads.of('http://one-more');
    expect(loads.of('http://busy').active).toBe(1);
    expect(loads.of('http://5')).not.toBe(idle);
  });

  test('the one that was used last is forgotten like the others', () => {
    const loads = full();
    const last = loads.of('http://999');
    loads.of('http://one-more');
    expect(loads.of('http://999')).not.toBe(last);
  });
});

test('the share is rounded down', () => {
  fc.assert(
    fc.property(
      fc.nat(2_000),
      fc.nat(500),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(10),
      (active, retrying, share, least) => {
        const room = hasBudget({ active, retrying }, retrySettings({ retryBudget: share, retryBudgetMin: least }));
        return room === (retrying + 1 <= least || retrying + 1 <= share * active);
      },
    ),
  );
});
