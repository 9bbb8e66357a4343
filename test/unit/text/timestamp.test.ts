import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatTimestamp, parseTimestamp } from '../../../src/text/timestamp.ts';

it('agrees with Date', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('2199-12-31T23:59:59Z'), noInvalidDate: true }), (date) => {
      expect(formatTimestamp(date.getTime())).toBe(date.toISOString().replace(/\.\d+Z$/, 'Z'));
      expect(parseTimestamp(date.toISOString())).toBe(Math.floor(date.getTime() / 1000) * 1000);
    }),
    {
      examples: [
        [new Date('2024-02-29T23:59:59Z')],
        [new Date('2100-02-28T24:00:00Z')],
        [new Date(0)],
        [new Date('2001-01-01T00:00:00Z')],
        [new Date('2004-12-31T00:00:00Z')],
      ],
      numRuns: 1_000,
    },
  );
});

it.each([
  '',
  'x',
  '2026-03-01',
  '2026-03-01 09:30:00Z',
  '2026-03-01T09:30:00',
  '2026-13-01T09:30:00Z',
  '2026-00-01T09:30:00Z',
  '202x-03-01T09:30:00Z',
  '2026-03-00T09:30:00Z',
  '1969-12-31T23:59:59Z',
  '2026-03-01T9:30:00Z',
])('%j is no time of UTC', (text) => expect(parseTimestamp(text)).toBeUndefined());
