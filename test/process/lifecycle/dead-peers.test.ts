import { expect, test } from 'vitest';
import { deadPeers, endWithDeadPeers } from '../../helpers/dead-peers.ts';

/** Six seconds where the machine is idle; far from the half minute that requests have where it is not. */
const limitMs = 20_000;

test.each(Object.keys(deadPeers))('one peer does not cost the grace: %s', async (name) => {
  const { ended, ms, lines } = await endWithDeadPeers([name], 1);
  expect([ended, lines]).toEqual([{ code: 0, signal: null }, ['hook']]);
  expect(ms).toBeLessThan(limitMs);
});

test('ten of each kind together take no longer', async () => {
  const { ended, ms, lines } = await endWithDeadPeers(Object.keys(deadPeers), 10);
  expect([ended, lines]).toEqual([{ code: 0, signal: null }, ['hook']]);
  expect(ms).toBeLessThan(limitMs);
});
