import { type Document, isMap, isNode, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import { findPair, resolveAlias, walkTree } from '../../check/read/tree.ts';
import type { Operation } from './operation.ts';
import { commentsAbove, dashOf, endOf, endOfPair, lineStart, nextLine, startOf } from './text-places.ts';
import { blockLines, flowText, isJsonText, jsonStep, type Quote, quotedText } from './value-text.ts';

/** Puts `text` in the place of what stands from `start` to `end`. */
export interface TextSplice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Operated<Op extends Operation['op']> = Extract<Operation, { op: Op }>;

/** The operation as a change of the text that the tree was read from; undefined where there is none. */
export function spliceOf(text: string, tree: Document.Parsed, operation: Operation): TextSplice | undefined {
  switch (operation.op) {
    case 'add':
      return addition(text, tree, operation);
    case 'splice':
      return itemSplice(text, tree, operation);
    case 'replace':
      return replacement(text, tree, operation);
    case 'remove':
      return removal(text, tree, operation);
  }
}

/** What is missing on the way is made with it; a key without a value is as good as missing, and gets one. */
function addition(text: string, tree: Document.Parsed, { path, value, after }: Operated<'add'>) {
  const steps = walkTree(tree, path.slice(0, -1));
  while (isNothing(steps.at(-1)?.value)) steps.pop();
  const map = resolveAlias(tree, steps.length === 0 ? tree.contents : steps.at(-1)?.value);
  const key = path[steps.length];
  if (!isMap(map) || typeof key !== 'string') return undefined;
  const below = path.slice(steps.length + 1).reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
  const empty = findPair(map, key);
  if (empty !== undefined) return isNothing(empty.value) ? valueFor(text, map, empty, key, below) : undefined;
  const isDirect = steps.length === path.length - 1;
  const anchor = isDirect && after !== undefined ? after : [];
  const found = anchor.map((name) => findPair(map, name)).findLast((pair) => pair !== undefined);
  const isFirst = isDirect && after?.length === 0;
  if (map.flow || map.items.length === 0) return flowAddition(text, map, found, isFirst, key, below);
  const firstKey = startOf(map.items[0]?.key);
  if (firstKey === undefined) return undefined;
  const indent = ' '.repeat(firstKey - lineStart(text, firstKey));
  const lines = blockLines({ [key]: below }, indent, dashesAreIndented(text));
  if (isFirst) {
    // Behind a dash, or where a comment belongs to the first key, the place in front is not ours.
    const start = lineStart(text, firstKey);
    return text.slice(start, firstKey).trim() === '' ? { start, end: start, text: lines } : undefined;
  }
  const end = found === undefined ? (map.range?.[1] ?? firstKey) : endOfPair(found);
  return end === undefined ? undefined : lineAfter(text, end, lines);
}

function isNothing(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}

/** A key that has no value is written anew with one; not where a comment stands beside it. */
function valueFor(
  text: string,
  map: YAMLMap,
  pair: NonNullable<ReturnType<typeof findPair>>,
  key: string,
  value: unknown,
): TextSplice | undefined {
  const [start, end] = [startOf(pair.key), endOfPair(pair)];
  if (start === undefined || end === undefined) return undefined;
  const json = isJsonText(text);
  if (map.flow) return { start, end, text: `${text.slice(start, endOf(pair.key))}: ${flowText(value, json)}` };
  const from = lineStart(text, start);
  const to = nextLine(text, end);
  const indent = text.slice(from, start);
  if (indent.trim() !== '' || text.slice(end, to).trim() !== '') return undefined;
  return { start: from, end: to, text: blockLines({ [key]: value }, indent, dashesAreIndented(text)) };
}

function flowAddition(
  text: string,
  map: YAMLMap,
  found: ReturnType<typeof findPair>,
  isFirst: boolean,
  key: string,
  value: unknown,
): TextSplice | undefined {
  const [open, close] = [map.range?.[0], map.range?.[1]];
  if (open === undefined || close === undefined || text[open] !== '{') return undefined;
  const json = isJsonText(text);
  const first = startOf(map.items[0]?.key);
  const isSpread = first !== undefined && text.slice(open, first).includes('\n');
  const separator = isSpread ? `\n${text.slice(lineStart(text, first), first)}` : ' ';
  const pair = `${json || !/^[A-Za-z][\w./-]*$/.test(key) ? JSON.stringify(key) : key}: ${flowText(value, json, isSpread ? { newline: separator, step: jsonStep(text) } : undefined)}`;
  if (first === undefined) return { start: open + 1, end: open + 1, text: json ? pair : ` ${pair} ` };
  if (isFirst) return { start: first, end: first, text: `${pair},${separator}` };
  const last = found ?? map.items.at(-1);
  const end = last === undefined ? undefined : endOfPair(last);
  return end === undefined ? undefined : { start: end, end, text: `,${separator}${pair}` };
}

function itemSplice(text: string, tree: Document.Parsed, { path, index, count, items }: Operated<'splice'>) {
  const steps = walkTree(tree, path);
  const seq = steps.length === path.length ? resolveAlias(tree, steps.at(-1)?.value) : undefined;
  if (!isSeq(seq) || index + count > seq.items.length) return undefined;
  return seq.flow ? flowItems(text, seq, index, count, items) : blockItems(text, seq, index, count, items);
}

function flowItems(text: string, seq: YAMLSeq, index: number, count: number, items: readonly unknown[]) {
  const json = isJsonText(text);
  const open = seq.range?.[0];
  const ranges = seq.items.map((item) => (isNode(item) ? item.range : undefined));
  if (open === undefined || text[open] !== '[' || ranges.some((range) => !range)) return undefined;
  const [first, previous, next] = [ranges[0], ranges[index - 1], ranges[index + count]];
  const isSpread = first ? text.slice(open, first[0]).includes('\n') : false;
  const between = first && isSpread ? `,\n${text.slice(lineStart(text, first[0]), first[0])}` : ', ';
  const quote = quoteOf(text, seq);
  const added = items.map((item) =>
    typeof item === 'string' ? quotedText(item, json ? '"' : quote) : flowText(item, json),
  );
  if (next) {
    const start = ranges[index]?.[0] ?? next[0];
    return { start, end: next[0], text: added.map((item) => item + between).join('') };
  }
  if (previous) {
    const end = ranges.at(-1)?.[1] ?? previous[1];
    return { start: previous[1], end, text: added.map((item) => between + item).join('') };
  }
  const end = ranges.at(-1)?.[1];
  return { start: first ? first[0] : open + 1, end: end ?? open + 1, text: added.join(between) };
}

function blockItems(text: string, seq: YAMLSeq, index: number, count: number, items: readonly unknown[]) {
  const dashes = seq.items.map((item) => dashOf(text, item));
  const first = dashes[0];
  if (first === undefined || dashes.some((dash) => dash === undefined)) return undefined;
  const indent = text.slice(lineStart(text, first), first);
  // A list in a list: its first dash stands behind another one.
  if (indent.trim() !== '') return undefined;
  const quote = quoteOf(text, seq);
  const lines = items
    .map((item) =>
      typeof item === 'string' && quote !== undefined
        ? `${indent}- ${quotedText(item, quote)}\n`
        : blockLines([item], indent, dashesAreIndented(text)),
    )
    .join('');
  const end = (at: number): number | undefined => {
    const item = seq.items[at];
    return isNode(item) ? item.range?.[1] : undefined;
  };
  if (count === 0 && index < dashes.length) {
    const start = commentsAbove(text, lineStart(text, dashes[index] ?? first));
    return { start, end: start, text: lines };
  }
  const last = end(count === 0 ? dashes.length - 1 : index + count - 1);
  if (last === undefined) return undefined;
  if (count === 0) return lineAfter(text, last, lines);
  return { start: lineStart(text, dashes[index] ?? first), end: nextLine(text, last), text: lines };
}

/** All items are quoted alike. */
function quoteOf(text: string, seq: YAMLSeq): Quote {
  const firsts = new Set(seq.items.map((item) => text[startOf(item) ?? -1]));
  const [first] = firsts;
  return firsts.size === 1 && (first === '"' || first === "'") ? first : undefined;
}

function replacement(text: string, tree: Document.Parsed, { path, value }: Operated<'replace'>) {
  const steps = walkTree(tree, path);
  const node = steps.length === path.length ? resolveAlias(tree, steps.at(-1)?.value) : undefined;
  const range = isNode(node) ? node.range : undefined;
  if (!range || isMap(node) || isSeq(node)) return undefined;
  // In the quotes that it had.
  const first = text[range[0]];
  const quote = first === '"' || first === "'" ? first : undefined;
  return { start: range[0], end: range[1], text: quotedText(value, isJsonText(text) ? '"' : quote) };
}

function removal(text: string, tree: Document.Parsed, { path }: Operated<'remove'>) {
  const steps = walkTree(tree, path);
  const step = steps.length === path.length ? steps.at(-1) : undefined;
  if (isSeq(step?.parent))
    return itemSplice(text, tree, {
      op: 'splice',
      path: path.slice(0, -1),
      index: path.at(-1) as number,
      count: 1,
      items: [],
    });
  const map = step?.parent;
  if (!isMap(map) || step?.pair === undefined) return undefined;
  const [start, end] = [startOf(step.pair.key), endOfPair(step.pair)];
  if (start === undefined || end === undefined) return undefined;
  if (!map.flow) {
    const from = lineStart(text, start);
    return text.slice(from, start).trim() === '' ? { start: from, end: nextLine(text, end), text: '' } : undefined;
  }
  const at = map.items.indexOf(step.pair);
  const [previous, next] = [map.items[at - 1], map.items[at + 1]];
  if (previous !== undefined) return { start: endOfPair(previous) ?? start, end, text: '' };
  const nextStart = next === undefined ? undefined : startOf(next.key);
  if (nextStart !== undefined) return { start, end: nextStart, text: '' };
  // All that stands between the braces: an empty map is written without blanks.
  const [open, close] = [map.range?.[0], map.range?.[1]];
  return open === undefined || close === undefined ? undefined : { start: open + 1, end: close - 1, text: '' };
}

function lineAfter(text: string, end: number, lines: string): TextSplice {
  const start = nextLine(text, end);
  return { start, end: start, text: lines };
}

/** Whether the author indents the items of a list below their key. */
function dashesAreIndented(text: string): boolean {
  return !/^( *)(?:- )?[^\s#-][^#\n]*:[ \t]*\n\1- /m.test(text);
}
