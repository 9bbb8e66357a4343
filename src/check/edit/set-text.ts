import { isAlias, isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { findPair, resolveAlias, type Step, walkTree } from '../read/tree.ts';
import type { OperationOf } from './operation.ts';
import { endOfPair, lineStart, nextLine, startOf } from './text-places.ts';
import type { TextSplice } from './text-splice.ts';
import { dashesAreIndented, flowStyleOf, itemRanges, type ParsedDocument } from './text-style.ts';
import { blockLines, flowText, pairText, quoteAt, quotedInFlow, quotedText } from './value-text.ts';

/** What is missing on the way is made with it; a key without a value is as good as missing, and gets one. */
export function setting(document: ParsedDocument, { path, value, after }: OperationOf<'set'>): TextSplice | undefined {
  const { tree } = document;
  const steps = stepsOf(document, path);
  const existing = steps.length === path.length ? steps.at(-1) : undefined;
  if (existing !== undefined && !isNothing(existing.value)) return replacement(document, existing, value);
  const empty = isNothing(steps.at(-1)?.value) ? steps.pop() : undefined;
  const map = resolveAlias(tree, steps.length === 0 ? tree.contents : steps.at(-1)?.value);
  const key = path[steps.length];
  const rest = path.slice(steps.length + 1);
  if (!isMap(map) || typeof key !== 'string' || rest.some((step) => typeof step === 'number')) return undefined;
  const nested = rest.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
  if (empty?.pair !== undefined) return filling(document, map, empty.pair, nested);
  // What the maps on the way are put behind is nobody's wish.
  const behind = rest.length === 0 ? after : undefined;
  return map.flow || map.items.length === 0
    ? flowAddition(document, map, [key, nested], behind)
    : blockAddition(document, map, { [key]: nested }, behind);
}

/** The steps that are there. A value that a merge key gives is overridden beside it, not changed at its source. */
function stepsOf({ tree }: ParsedDocument, path: readonly (string | number)[]): Step[] {
  const steps = walkTree(tree, path);
  const parent = resolveAlias(tree, steps.length < 2 ? tree.contents : steps.at(-2)?.value);
  const isMerged = steps.length === path.length && steps.at(-1)?.parent !== parent;
  return isMerged ? steps.slice(0, -1) : steps;
}

function isNothing(node: unknown): node is Scalar {
  return isScalar(node) && node.value === null;
}

function replacement(document: ParsedDocument, { value: node, parent }: Step, value: unknown): TextSplice | undefined {
  const { text, json } = document;
  if (!(isScalar(node) || isAlias(node)) || !node.range) return undefined;
  const [start, end] = node.range;
  // In the quotes that it had.
  const quote = quoteAt(text, start);
  if ((isMap(parent) || isSeq(parent)) && parent.flow) {
    const isText = typeof value === 'string' && !json;
    return { start, end, text: isText ? quotedInFlow(value, quote) : flowText(value, flowStyleOf(document, parent)) };
  }
  if (typeof value === 'object' && value !== null) return undefined;
  if (isScalar(node) && node.type === 'BLOCK_LITERAL' && typeof value === 'string')
    return literal(text, [start, end], value);
  const written = quotedText(value, quote);
  return written.includes('\n') ? undefined : { start, end, text: written };
}

/** The text below `|`, in its indentation. */
function literal(text: string, [start, end]: readonly [number, number], value: string): TextSplice | undefined {
  const source = text.slice(start, end);
  const head = source.slice(0, source.indexOf('\n') + 1);
  const indent = /^( +)\S/m.exec(source.slice(head.length))?.[1];
  // With an indentation of its own, or spaces at its beginning, it is not so simple.
  if (indent === undefined || /^[|][-+]?\d/.test(head)) return undefined;
  const lines = value.replace(/\n+$/, '').replace(/^(?=.)/gm, indent);
  return { start, end, text: head + lines + (/\n*$/.exec(source)?.[0] ?? '') };
}

/** A value for a key that has none: where it would stand, or below the key and the comments there. */
function filling(document: ParsedDocument, map: YAMLMap, pair: Pair, value: unknown): TextSplice | undefined {
  const { text } = document;
  const { key, value: nothing } = pair;
  if (!isScalar(key) || !key.range || !isNothing(nothing) || !nothing.range) return undefined;
  const isWritten = nothing.range[0] < nothing.range[1];
  const colon = /^[ \t]*:/.exec(text.slice(key.range[1]))?.[0];
  const behind = key.range[1] + (colon?.length ?? 0);
  const place = isWritten ? { start: nothing.range[0], end: nothing.range[1] } : { start: behind, end: behind };
  if (map.flow) {
    const written = flowText(value, flowStyleOf(document, map));
    return { ...place, text: isWritten ? written : `${colon === undefined ? ':' : ''} ${written}` };
  }
  if (colon === undefined) return undefined;
  if (typeof value !== 'object' || value === null) {
    const written = quotedText(value, undefined);
    return written.includes('\n') ? undefined : { ...place, text: isWritten ? written : ` ${written}` };
  }
  const line = /^[ \t]*(#.*)?(?:\n|$)/.exec(text.slice(place.end));
  if (line === null) return undefined;
  const indent = ' '.repeat(key.range[0] - lineStart(text, key.range[0]));
  const from = place.end + line[0].length;
  const comments = new RegExp(`^(?:${indent} +#.*(?:\\n|$))*`).exec(text.slice(from))?.[0] ?? '';
  const indentSeq = dashesAreIndented(text);
  const deeper = Array.isArray(value) && !indentSeq ? indent : `${indent}  `;
  const lines = blockLines(value, /^ +/.exec(comments)?.[0] ?? deeper, indentSeq);
  const beside = line[1] === undefined ? '' : ` ${line[1]}`;
  return { start: behind, end: from + comments.length, text: `${beside}\n${comments}${lines}` };
}

function blockAddition({ text }: ParsedDocument, map: YAMLMap, pair: object, after: readonly string[] | undefined) {
  const firstKey = startOf(map.items[0]?.key);
  if (firstKey === undefined) return undefined;
  const start = lineStart(text, firstKey);
  const lines = blockLines(pair, ' '.repeat(firstKey - start), dashesAreIndented(text));
  if (after?.length === 0) {
    // Behind a dash the place in front is not ours.
    return text.slice(start, firstKey).trim() === '' ? { start, end: start, text: lines } : undefined;
  }
  const found = lastOf(map, after);
  const end = found === undefined ? (map.range?.[1] ?? firstKey) : endOfPair(found);
  if (end === undefined) return undefined;
  const at = nextLine(text, end);
  return { start: at, end: at, text: lines };
}

function flowAddition(
  document: ParsedDocument,
  map: YAMLMap,
  [key, value]: readonly [string, unknown],
  after: readonly string[] | undefined,
): TextSplice | undefined {
  const { text } = document;
  const ranges = itemRanges(map);
  if (!map.range || ranges === undefined || text[map.range[0]] !== '{') return undefined;
  const style = flowStyleOf(document, map);
  const pair = pairText(key, value, style);
  const [first, last] = [ranges[0], ranges.at(-1)];
  if (first === undefined || last === undefined) {
    const inside = map.range[0] + 1;
    return { start: inside, end: map.range[1] - 1, text: `${style.padding}${pair}${style.padding}` };
  }
  if (after?.length === 0) return { start: first[0], end: first[0], text: `${pair}${style.comma}` };
  const found = lastOf(map, after);
  const end = found === undefined ? last[1] : endOfPair(found);
  return end === undefined ? undefined : { start: end, end, text: `${style.comma}${pair}` };
}

function lastOf(map: YAMLMap, names: readonly string[] = []): Pair | undefined {
  return names.map((name) => findPair(map, name)).findLast((pair) => pair !== undefined);
}
