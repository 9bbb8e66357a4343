import { expect, test } from 'vitest';
import { createSignalJudge, sameSignalMs } from '../../../src/lifecycle/signals/judge-signal.ts';

const never = () => false;
const always = () => true;

test('what comes within a second of the first is the first once more, whatever it is', () => {
  const judge = createSignalJudge();
  expect(judge('SIGTERM', 0, always)).toBe('first');
  expect(judge('SIGTERM', 0, always)).toBe('same');
  expect(judge('SIGINT', sameSignalMs - 1, always)).toBe('same');
});

test.each([
  ['SIGTERM', always, 'again'],
  ['SIGHUP', always, 'again'],
  ['SIGINT', never, 'again'],
  ['SIGINT', always, 'impatient'],
] as const)('%s later: %s', (signal, isAtTerminal, verdict) => {
  const judge = createSignalJudge();
  judge('SIGINT', 100, always);
  expect(judge(signal, 100 + sameSignalMs, isAtTerminal)).toBe(verdict);
  expect(judge(signal, 100 + 20 * sameSignalMs, isAtTerminal)).toBe(verdict);
});
