import { isNode } from 'yaml';

export function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

export function endOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[1] : undefined;
}

export function endOfPair({ key, value }: { readonly key: unknown; readonly value: unknown }): number | undefined {
  return endOf(isNode(value) ? value : key);
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Behind the line on which something ends: what ends with blanks and newlines ends before them. */
export function nextLine(text: string, end: number): number {
  let at = end;
  while (at > 0 && /\s/.test(text[at - 1] ?? '')) at -= 1;
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline + 1;
}

/** Comments above an item are its own. */
export function commentsAbove(text: string, start: number): number {
  let at = start;
  while (at > 0) {
    const before = lineStart(text, at - 1);
    if (!text.slice(before, at).trimStart().startsWith('#')) break;
    at = before;
  }
  return at;
}

/** Where the dash of an item stands; undefined where something else stands before it on its line. */
export function dashOf(text: string, item: unknown): number | undefined {
  const start = startOf(item);
  if (start === undefined) return undefined;
  const [, indent, gap] = /^(\s*)-(\s+)(?:[&!]\S+\s+)*$/.exec(text.slice(lineStart(text, start), start)) ?? [];
  return indent === undefined || gap === undefined ? undefined : lineStart(text, start) + indent.length;
}
