import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/text/durations.ts';

it.each([
  ['0', 0],
  ['0s', 0],
  ['500ms', 500],
  ['60s', 60_000],
  ['1.5s', 1_500],
  ['2m', 120_000],
  ['2m30s', 150_000],
  ['1h1ms', 3_600_001],
  ['0.5ms', 0.5],
  ['9007199254740991ms', 9_007_199_254_740_991],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each([
  '',
  '5',
  '60',
  's',
  '-1s',
  '+1s',
  '1 s',
  ' 1s',
  '1s ',
  '1d',
  '1S',
  '1.s',
  '.5s',
  '1.2.3s',
  '1e3s',
  '1s2',
  'ms1',
  '1sm',
  '0x1s',
  'Infinity',
  '99999999999999999h',
  '١s',
])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

it.each([
  [0, '0 ms'],
  [12.4, '12 ms'],
  [998, '998 ms'],
  [999.4, '999 ms'],
  [999.5, '1.0 s'],
  [999.7, '1.0 s'],
  [3_240, '3.2 s'],
  [119_000, '119.0 s'],
  [119_949, '119.9 s'],
  [119_950, '2 min'],
  [120_000, '2 min'],
  [250_000, '4 min 10 s'],
])('%d ms are written %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

it('what is read is a number that is not negative, or nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.msh -e') }), (text) => {
      expect(parseDuration(text) ?? 0).toBeGreaterThanOrEqual(0);
    }),
  );
});
