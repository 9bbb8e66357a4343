import { expect, test } from 'vitest';
import { runHooks } from '../../../src/lifecycle/run-hooks.ts';
import { silentLogger } from '../../../src/shared/logger.ts';

test('last registered first; one that fails, throws or hangs keeps no other from running', async () => {
  const ran: string[] = [];
  let aborted = false;
  const hooks = [
    { name: 'first', run: () => void ran.push('first') },
    {
      name: 'hangs',
      timeoutMs: 10,
      run: ({ signal }: { signal: AbortSignal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
          ran.push('hangs');
        }),
    },
    {
      name: 'throws',
      run: () => {
        ran.push('throws');
        throw new Error('no');
      },
    },
    {
      name: 'rejects',
      run: async () => {
        ran.push('rejects');
        throw new Error('no');
      },
    },
  ];
  expect(await runHooks(hooks, 5_000, silentLogger, () => 60_000)).toEqual(['rejects', 'throws', 'hangs']);
  expect(ran).toEqual(['rejects', 'throws', 'hangs', 'first']);
  expect(aborted).toBe(true);
});

test('what is left of the grace bounds every hook', async () => {
  expect(await runHooks([{ name: 'hangs', run: () => new Promise(() => {}) }], 60_000, silentLogger, () => 5)).toEqual([
    'hangs',
  ]);
});
