import { isNode, isSeq, type YAMLSeq } from 'yaml';
import { resolveAlias, walkTree } from '../read/tree.ts';
import type { OperationOf } from './operation.ts';
import { setting } from './set-text.ts';
import { commentsAbove, dashOf, lineStart, nextLine, startOf } from './text-places.ts';
import type { TextSplice } from './text-splice.ts';
import { dashesAreIndented, flowStyleOf, itemRanges, type ParsedDocument } from './text-style.ts';
import { blockLines, flowText, type Quote, quoteAt, quotedText } from './value-text.ts';

export function appended(document: ParsedDocument, { path, value }: OperationOf<'append'>): TextSplice | undefined {
  const { tree } = document;
  const steps = walkTree(tree, path);
  const existing = steps.length === path.length ? resolveAlias(tree, steps.at(-1)?.value) : undefined;
  if (!isSeq(existing)) return setting(document, { op: 'set', path, value: [value] });
  return spliceIn(document, existing, { index: existing.items.length, count: 0, items: [value] });
}

type ItemChange = Pick<OperationOf<'splice'>, 'index' | 'count' | 'items'>;

export function itemSplice(document: ParsedDocument, operation: OperationOf<'splice'>): TextSplice | undefined {
  const { path } = operation;
  const steps = walkTree(document.tree, path);
  const seq = steps.length === path.length ? resolveAlias(document.tree, steps.at(-1)?.value) : undefined;
  return isSeq(seq) ? spliceIn(document, seq, operation) : undefined;
}

function spliceIn(document: ParsedDocument, seq: YAMLSeq, change: ItemChange): TextSplice | undefined {
  if (change.index + change.count > seq.items.length) return undefined;
  return seq.flow ? flowItems(document, seq, change) : blockItems(document, seq, change);
}

function flowItems(document: ParsedDocument, seq: YAMLSeq, { index, count, items }: ItemChange) {
  const ranges = itemRanges(seq);
  const open = seq.range?.[0];
  if (ranges === undefined || open === undefined || document.text[open] !== '[') return undefined;
  const style = flowStyleOf(document, seq);
  const quote = style.json ? undefined : quoteOf(document.text, seq);
  const added = items.map((item) =>
    typeof item === 'string' && quote !== undefined ? quotedText(item, quote) : flowText(item, style),
  );
  const [first, last] = [ranges[0], ranges.at(-1)];
  const [previous, next] = [ranges[index - 1], ranges[index + count]];
  if (next !== undefined) {
    const start = ranges[index]?.[0] ?? next[0];
    return { start, end: next[0], text: added.map((item) => item + style.comma).join('') };
  }
  if (previous !== undefined && last !== undefined) {
    return { start: previous[1], end: last[1], text: added.map((item) => style.comma + item).join('') };
  }
  return { start: first?.[0] ?? open + 1, end: last?.[1] ?? open + 1, text: added.join(style.comma) };
}

function blockItems({ text }: ParsedDocument, seq: YAMLSeq, { index, count, items }: ItemChange) {
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
  const behind = nextLine(text, last);
  return { start: count === 0 ? behind : lineStart(text, dashes[index] ?? first), end: behind, text: lines };
}

/** Where all items are quoted alike. */
function quoteOf(text: string, seq: YAMLSeq): Quote {
  const quotes = new Set(seq.items.map((item) => quoteAt(text, startOf(item))));
  return quotes.size === 1 ? [...quotes][0] : undefined;
}
