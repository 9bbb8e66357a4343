import { expect, it } from 'vitest';
import { plural } from '../../../src/text/plural.ts';

it.each([
  [0, '0 errors'],
  [1, '1 error'],
  [2, '2 errors'],
])('%i', (count, text) => {
  expect(plural(count, 'error')).toBe(text);
});
