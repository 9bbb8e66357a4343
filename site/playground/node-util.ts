/** What the checker takes from `node:util`, for a browser. */
export function isDeepStrictEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return (
    left.length === right.length &&
    left.every(([key, value]) => Object.hasOwn(b, key) && isDeepStrictEqual(value, (b as Record<string, unknown>)[key]))
  );
}

export function styleText(_style: string, text: string): string {
  return text;
}
