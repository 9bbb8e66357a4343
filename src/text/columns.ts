import { wrap } from './wrap.ts';

/** A terminal has at least as many columns. */
export const lineWidth = 80;
/** A longer name stands on a line of its own, so that it does not push all texts to the right. */
const widestName = 26;

/** Names and what they mean, side by side: the lines of a help text. */
export function columns(rows: readonly (readonly [name: string, text: string])[]): string[] {
  const width = Math.min(Math.max(...rows.map(([name]) => name.length)), widestName);
  return rows.flatMap(([name, text]) => {
    const [first = '', ...more] = wrap(text, lineWidth - width - 4);
    const head =
      name.length > width ? [`  ${name}`, `${' '.repeat(width + 4)}${first}`] : [`  ${name.padEnd(width)}  ${first}`];
    return [...head, ...more.map((line) => `${' '.repeat(width + 4)}${line}`)];
  });
}
