/**
 * JSON on one line, where that ends before the width; else each item and member on lines of its own, where it does not fit.
 * Strings are never broken. `used`: the columns that are taken on the first line; `at`: what stands before each other line.
 */
export function wrapJson(value: unknown, used: number, at: string, width: number): string {
  const flat = JSON.stringify(value);
  if (used + flat.length <= width || typeof value !== 'object' || value === null) return flat;
  const inner = `${at}  `;
  const members = Array.isArray(value)
    ? value.map((item: unknown) => ['', item] as const)
    : Object.entries(value).map(([key, item]) => [`${JSON.stringify(key)}: `, item] as const);
  const lines = members.map(
    // One column for the comma.
    ([key, item]) => `${inner}${key}${wrapJson(item, inner.length + key.length + 1, inner, width)}`,
  );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.join(',\n')}\n${at}${close}`;
}
