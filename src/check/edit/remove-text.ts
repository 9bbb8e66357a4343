import { isMap, isSeq, type Pair, type YAMLMap } from 'yaml';
import { walkTree } from '../read/tree.ts';
import { itemSplice } from './item-text.ts';
import type { OperationOf } from './operation.ts';
import { endOfPair, lineStart, nextLine, startOf } from './text-places.ts';
import type { TextSplice } from './text-splice.ts';
import type { ParsedDocument } from './text-style.ts';

export function removal(document: ParsedDocument, { path }: OperationOf<'remove'>): TextSplice | undefined {
  const steps = walkTree(document.tree, path);
  const { parent, pair } = (steps.length === path.length ? steps.at(-1) : undefined) ?? {};
  if (isSeq(parent)) {
    const place = { path: path.slice(0, -1), index: Number(path.at(-1)) };
    return itemSplice(document, { op: 'splice', ...place, count: 1, items: [] });
  }
  if (!isMap(parent) || pair === undefined) return undefined;
  const [start, end] = [startOf(pair.key), endOfPair(pair)];
  if (start === undefined || end === undefined) return undefined;
  return parent.flow
    ? flowRemoval(parent, pair, [start, end])
    : blockRemoval(document.text, parent, pair, [start, end]);
}

function blockRemoval(text: string, map: YAMLMap, pair: Pair, [start, end]: readonly [number, number]) {
  const from = lineStart(text, start);
  const to = nextLine(text, end);
  if (text.slice(from, start).trim() === '') return { start: from, end: to, text: '' };
  // Behind a dash the next pair takes its place.
  const next = startOf(map.items[map.items.indexOf(pair) + 1]?.key);
  return next !== undefined && text.slice(to, next).trim() === '' ? { start, end: next, text: '' } : undefined;
}

function flowRemoval(map: YAMLMap, pair: Pair, [start, end]: readonly [number, number]): TextSplice | undefined {
  const at = map.items.indexOf(pair);
  const [previous, next] = [map.items[at - 1], map.items[at + 1]];
  if (previous !== undefined) return { start: endOfPair(previous) ?? start, end, text: '' };
  const nextStart = next === undefined ? undefined : startOf(next.key);
  if (nextStart !== undefined) return { start, end: nextStart, text: '' };
  // All that stands between the braces: an empty map is written without blanks.
  return map.range ? { start: map.range[0] + 1, end: map.range[1] - 1, text: '' } : undefined;
}
