import fc from 'fast-check';

/** A way to cut a text into pieces. */
export const pieces: fc.Arbitrary<(text: string) => string[]> = fc
  .array(fc.nat(), { maxLength: 8 })
  .map((cuts) => (text) => {
    const positions = [...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b);
    return positions.map((to, index) => text.slice(positions[index - 1] ?? 0, to));
  });

/** The same document with the keys of each object in an order given by the numbers that the stream holds. */
export function anyOrder(value: unknown, ranks: Iterator<number>): unknown {
  if (Array.isArray(value)) return value.map((item) => anyOrder(item, ranks));
  if (typeof value !== 'object' || value === null) return value;
  const ranked = Object.entries(value).map(([name, inner]) => ({ name, inner, rank: Number(ranks.next().value) }));
  const entries = ranked.sort((a, b) => a.rank - b.rank).map(({ name, inner }) => [name, anyOrder(inner, ranks)]);
  return Object.fromEntries(entries);
}
