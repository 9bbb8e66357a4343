import { isMap, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { scalarText } from './scalar-text.ts';

/** Edits of maps and lists in braces and brackets, as in JSON. They change nothing around the place of the edit. */

type Range = readonly [number, number];

/** How an author writes what is in braces. */
interface FlowStyle {
  readonly json: boolean;
  /** Between a key and its value. */
  readonly colon: string;
  /** Between two items. */
  readonly comma: string;
}

/** Adds to the end of a map. Undefined where the text has something that is not understood there: a comment, a last comma. */
export function addToFlowMap(yaml: string, map: YAMLMap, pair: readonly [string, unknown], json: boolean) {
  const style = styleOf(yaml, map, json);
  const text = `${keyText(pair[0], style)}${style.colon}${flowText(pair[1], style)}`;
  return insert(yaml, map, style, text);
}

/** Adds to the end of a list. */
export function addToFlowSeq(yaml: string, seq: YAMLSeq, value: unknown, json: boolean): string | undefined {
  const style = styleOf(yaml, seq, json);
  return insert(yaml, seq, style, flowText(value, style));
}

/** Takes an item out, with the comma that belongs to it. */
export function removeFromFlow(yaml: string, parent: YAMLMap | YAMLSeq, index: number): string | undefined {
  const ranges = itemRanges(parent);
  const own = ranges?.[index];
  if (ranges === undefined || own === undefined) return undefined;
  const [previous, next] = [ranges[index - 1], ranges[index + 1]];
  const [from, to] = previous ? [previous[1], own[1]] : [own[0], next ? next[0] : own[1]];
  const between = yaml.slice(previous ? from : own[1], previous ? own[0] : to);
  return /^\s*(,\s*)?$/.test(between) ? yaml.slice(0, from) + yaml.slice(to) : undefined;
}

/** A value as the author would write it in braces; `indent`: what stands before the lines of a value that has several. */
export function flowText(value: unknown, style: FlowStyle): string {
  if (Array.isArray(value)) return `[${value.map((item) => flowText(item, style)).join(inline(style.comma))}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(
      ([key, item]) => `${keyText(key, style)}${style.colon}${flowText(item, style)}`,
    );
    return `{${pairs.join(inline(style.comma))}}`;
  }
  if (style.json) return JSON.stringify(value);
  const text = scalarText(value);
  return /[,[\]{}\n]/.test(text) ? JSON.stringify(value) : text;
}

export function styleOf(yaml: string, node: YAMLMap | YAMLSeq, json: boolean): FlowStyle {
  const source = node.range ? yaml.slice(node.range[0], node.range[1]) : '';
  const ranges = itemRanges(node) ?? [];
  const [first, second] = ranges.slice(-2);
  const before = first && ranges.length === 1 ? /^\s*/.exec(yaml.slice((node.range?.[0] ?? 0) + 1, first[0]))?.[0] : '';
  const sample = source.includes('":') ? source : yaml;
  const isTight = json && !/":\s/.test(sample);
  const comma =
    first && second ? yaml.slice(first[1], second[0]) : before?.includes('\n') ? `,${before}` : isTight ? ',' : ', ';
  return { json, colon: isTight ? ':' : ': ', comma };
}

function keyText(key: string, { json }: FlowStyle): string {
  return json ? JSON.stringify(key) : scalarText(key);
}

function inline(comma: string): string {
  return comma.includes('\n') ? ', ' : comma;
}

function insert(yaml: string, node: YAMLMap | YAMLSeq, { comma }: FlowStyle, text: string): string | undefined {
  const ranges = itemRanges(node);
  if (!node.range || ranges === undefined) return undefined;
  const end = node.range[1] - 1;
  const last = ranges.at(-1);
  const at = last?.[1] ?? node.range[0] + 1;
  // Behind the last item nothing but space may stand, so that no comment comes to belong to another item.
  if (yaml.slice(at, end).trim() !== '' || !/^\s*,\s*$/.test(comma)) return undefined;
  return last ? yaml.slice(0, at) + comma + text + yaml.slice(at) : yaml.slice(0, at) + text + yaml.slice(end);
}

/** From where to where each item stands; undefined where one has no place of its own. */
function itemRanges(node: YAMLMap | YAMLSeq): readonly Range[] | undefined {
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
