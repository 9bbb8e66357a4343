import { expect, it } from 'vitest';
import { meaningOf } from '../../../src/check/rules/shared/inject-words.ts';

it.each([
  ['true', ['y', 'Yes', 'TRUE', 'on', '1', 'enabled']],
  ['false', ['n', 'No', 'FALSE', 'off', '0', 'disabled']],
  [undefined, ['', 'yesterday', 'not', 'offline', 'turn-off', 'turn-on', '10', '01', 'auto']],
])('%s is what these words mean, and no others', (meaning, words) => {
  expect(words.filter((word) => meaningOf(word) !== meaning)).toEqual([]);
});
