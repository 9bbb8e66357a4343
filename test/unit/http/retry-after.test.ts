import { expect, test } from 'vitest';
import { retryAfterMs } from '../../../src/http/retry-after.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const in10s = 'Thu, 01 Jan 2026 00:00:10 GMT';

test.each([
  ['2', 2_000],
  ['1.5', 1_500],
  [in10s, 10_000],
  ['Thursday, 01-Jan-26 00:00:10 GMT', 10_000],
  ['Thu Jan  1 00:00:10 2026', 10_000],
  ['Thu, 01 Jan 2099 00:00:00 GMT', Date.parse('2099-01-01T00:00:00Z') - now],
  ['99999999999', 99_999_999_999_000],
  ['Wed, 31 Dec 2025 23:59:59 GMT', undefined],
  ['0', undefined],
  ['-1', undefined],
  ['soon', undefined],
  ['Infinity', undefined],
  ['1e3', undefined],
  ['0x10', undefined],
  ['May 2099', undefined],
  ['Sun, when it shines', undefined],
  ['', undefined],
  [' ', undefined],
  [' 2 ', 2_000],
  ['0.001', 1],
  ['Thu, 01 Jan 2026 00:00:00 GMT', undefined],
  // As a `Headers` joins two lines.
  ['1, 3', 3_000],
  ['3, soon', 3_000],
  [`5, ${in10s}`, 10_000],
  [`${in10s}, 5`, 10_000],
  [`${in10s}, Thu, 01 Jan 2026 00:00:20 GMT`, 20_000],
  [undefined, undefined],
])('%s', (value, expected) => {
  expect(retryAfterMs({ 'retry-after': value }, now)).toBe(expected);
});

test.each([
  ['a list', { 'Retry-After': ['1', '3'] }],
  [
    'pairs',
    [
      ['retry-after', '3'],
      ['Retry-After', '1'],
    ] as [string, string][],
  ],
  ["undici's flat list", ['retry-after', '1', 'server', 'x', 'Retry-After', '3']],
  [
    'a Headers',
    new Headers([
      ['retry-after', '3'],
      ['retry-after', '1'],
    ]),
  ],
  ['a Map', new Map([['Retry-After', ['1', '3']]])],
  ['a getter of all values', { get: () => ['3', '1'] }],
])('of two lines the longer wait: %s', (_, headers) => {
  expect(retryAfterMs(headers, now)).toBe(3_000);
});

test('no headers', () => {
  expect(retryAfterMs(undefined, now)).toBeUndefined();
});
