import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatTimestamp } from '../../../src/text/timestamp.ts';

it('agrees with Date', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('2199-12-31T23:59:59Z'), noInvalidDate: true }), (date) => {
      expect(formatTimestamp(date.getTime())).toBe(date.toISOString().replace(/\.\d+Z$/, 'Z'));
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
