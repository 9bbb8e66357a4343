import { type Document, isMap, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';

/** A document whose text is edited. */
export interface ParsedDocument {
  /** What the tree's offsets count in. */
  readonly text: string;
  readonly tree: Document.Parsed;
  /** Whether it is JSON, where keys and texts need quotes. */
  readonly json: boolean;
}

export function isJsonText(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether the author indents the items of a list below their key. */
export function dashesAreIndented(text: string): boolean {
  return !/^( *)(?:- )?[^\s#-][^#\n]*:[ \t]*\n\1- /m.test(text);
}

/** How an author writes what is in braces and brackets. */
export interface FlowStyle {
  readonly json: boolean;
  /** Between a key and its value. */
  readonly colon: string;
  /** Between two items, a line's end included where each has a line of its own. */
  readonly comma: string;
  /** Inside the braces of a map. */
  readonly padding: string;
  /** What the document indents by, where objects have several lines. */
  readonly step: string;
}

export function flowStyleOf({ text, json }: ParsedDocument, node: YAMLMap | YAMLSeq): FlowStyle {
  const source = node.range ? text.slice(node.range[0], node.range[1]) : '';
  const ranges = itemRanges(node) ?? [];
  const [first, second] = ranges.slice(-2);
  const before = first && ranges.length === 1 ? /^\s*/.exec(text.slice((node.range?.[0] ?? 0) + 1, first[0]))?.[0] : '';
  const isTight = json && !/":\s/.test(source.includes('":') ? source : text);
  const usual = before?.includes('\n') ? `,${before}` : isTight ? ',' : ', ';
  const between = first && second ? text.slice(first[1], second[0]) : usual;
  return {
    json,
    colon: isTight ? ':' : ': ',
    // A comment between two items belongs to one of them.
    comma: /^\s*,\s*$/.test(between) ? between : usual,
    padding: json || /\{[^\s}]/.test(text) ? '' : ' ',
    step: /^\s*\{\s*?\n([ \t]+)/.exec(text)?.[1] ?? '  ',
  };
}

type Range = readonly [start: number, end: number];

/** From where to where each item of a collection stands; undefined where one has no place of its own. */
export function itemRanges(node: YAMLMap | YAMLSeq): readonly Range[] | undefined {
  const ranges = (node.items as unknown[]).map((item) => (isMap(node) ? pairRange(item as Pair) : rangeOf(item)));
  return ranges.includes(undefined) ? undefined : (ranges as readonly Range[]);
}

function pairRange({ key, value }: Pair): Range | undefined {
  const own = rangeOf(key);
  const end = rangeOf(value) ?? own;
  return own === undefined || end === undefined ? undefined : [own[0], end[1]];
}

function rangeOf(node: unknown): Range | undefined {
  const hasRange = isScalar(node) || isMap(node) || isSeq(node);
  return hasRange && node.range ? [node.range[0], node.range[1]] : undefined;
}
