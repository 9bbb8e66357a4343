import { expect, test } from 'vitest';
import { isServed } from '../../../src/lifecycle/is-served.ts';

const drain = (serving?: boolean) => ({ name: 'd', isServing: () => serving, close: async () => {}, cut: () => 0 });
const health = (state: 'starting' | 'ready') => ({ state, setState() {}, async close() {} });
const blind = { setState() {}, async close() {} };

test.each([
  ['a server that listens', [drain(true)], health('starting'), true],
  ['a server that listens, without health', [drain(true)], undefined, true],
  ['servers of which none listens yet', [drain(false), drain(false)], undefined, false],
  ['one that cannot be seen, before the app is ready', [drain(undefined), drain(false)], health('starting'), false],
  ['one that cannot be seen, when it is', [drain(undefined), drain(false)], health('ready'), true],
  ['one that cannot be seen, without health', [drain(undefined)], undefined, true],
  ['no server, before the app is ready', [], health('starting'), false],
  ['no server that is known of', [], health('ready'), true],
  ['nothing that is known of', [], undefined, true],
  ['a health that tells no state', [], blind, true],
])('%s', (_, drains, given, served) => {
  expect(isServed(drains, given)).toBe(served);
});

test('a health whose state throws is no hindrance', () => {
  const wrong = {
    ...blind,
    get state(): never {
      throw new Error('no');
    },
  };
  expect(isServed([], wrong)).toBe(true);
});
