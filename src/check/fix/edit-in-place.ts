import { type Document, isMap, isScalar, isSeq, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import { resolveAlias, type Step } from '../read/tree.ts';
import { stepsOf, type TreeEdit } from './edit-steps.ts';
import { addToFlowMap, addToFlowSeq, flowText, removeFromFlow, styleOf } from './flow-style.ts';
import { scalarText } from './scalar-text.ts';

/** An edit that touches no more of a text than it must; undefined where its shape is not understood. */
export function editInPlace(yaml: string, tree: Document.Parsed, edit: TreeEdit, json: boolean): string | undefined {
  const { path } = edit;
  const steps = stepsOf(tree, edit);
  if (edit.op === 'remove') return steps.length < path.length ? undefined : removeText(yaml, steps);
  const existing = steps.length === path.length ? steps.at(-1) : undefined;
  if (edit.op === 'rename') {
    if (existing?.pair === undefined || !isScalar(existing.pair.key)) return undefined;
    return replaceRange(yaml, existing.pair.key.range, json ? JSON.stringify(edit.to) : edit.to);
  }
  if (edit.op === 'append') {
    const seq = resolveAlias(tree, existing?.value);
    if (isSeq(seq) && seq.flow) return addToFlowSeq(yaml, seq, edit.value, json);
    if (isSeq(seq) && seq.items.length > 0) return appendItem(yaml, seq, edit.value);
    if (existing !== undefined) return undefined;
  } else if (existing !== undefined) return replaceValue(yaml, existing, edit.value, json);
  const parent = resolveAlias(tree, steps.length === 0 ? tree.contents : steps.at(-1)?.value);
  const [key, ...below] = path.slice(steps.length);
  if (typeof key !== 'string' || below.some((step) => typeof step === 'number')) return undefined;
  const last = edit.op === 'append' ? [edit.value] : edit.value;
  const value = below.reduceRight<unknown>((inner, step) => ({ [step]: inner }), last);
  if (isMap(parent) && parent.flow) return addToFlowMap(yaml, parent, [key, value], json);
  if (isMap(parent) && parent.items.length > 0) return addPair(yaml, parent, { [key]: value });
  return isScalar(parent) && parent.value === null ? fillKey(yaml, steps.at(-1), { [key]: value }) : undefined;
}

type Range = readonly [number, number, number];

function replaceRange(yaml: string, range: Range | null | undefined, by: string): string | undefined {
  if (range === null || range === undefined) return undefined;
  return yaml.slice(0, range[0]) + by + yaml.slice(range[1]);
}

function replaceValue(yaml: string, { value: node, parent }: Step, value: unknown, json: boolean): string | undefined {
  if (!isScalar(node) || !node.range) return undefined;
  const isCollection = typeof value === 'object' && value !== null;
  if ((isMap(parent) || isSeq(parent)) && parent.flow)
    return replaceRange(yaml, node.range, flowText(value, styleOf(yaml, parent, json)));
  if (isCollection) return undefined;
  if (node.type === 'BLOCK_LITERAL' && typeof value === 'string') return replaceLiteral(yaml, node.range, value);
  return replaceRange(yaml, node.range, scalarText(value));
}

/** The text below `|`, in its indentation. */
function replaceLiteral(yaml: string, range: Range, value: string): string | undefined {
  const source = yaml.slice(range[0], range[1]);
  const head = source.slice(0, source.indexOf('\n') + 1);
  const indent = /^( +)\S/m.exec(source.slice(head.length))?.[1];
  // With an indentation of its own, or spaces at its beginning, it is not so simple.
  if (indent === undefined || /^[|][-+]?\d/.test(head)) return undefined;
  const lines = value.replace(/\n+$/, '').replace(/^(?=.)/gm, indent);
  const rest = /\n*$/.exec(source)?.[0] ?? '';
  return yaml.slice(0, range[0]) + head + lines + rest + yaml.slice(range[1]);
}

function indentOf(yaml: string, offset: number): string {
  return ' '.repeat(offset - (yaml.lastIndexOf('\n', offset - 1) + 1));
}

/** Adds a pair below the last one of a block map, in its indentation. */
function addPair(yaml: string, map: YAMLMap, value: unknown): string | undefined {
  const first = map.items[0]?.key;
  if (!isScalar(first) || !first.range || !map.range) return undefined;
  return insertLines(yaml, map.range[1], block(value, indentOf(yaml, first.range[0])));
}

/** Below a key without a value, behind the comments that stand there. */
function fillKey(yaml: string, step: Step | undefined, value: unknown): string | undefined {
  const key = step?.pair?.key;
  if (!isScalar(key) || !key.range || !isMap(step?.parent) || step.parent.flow) return undefined;
  const line = /^:[ \t]*(#.*)?(\n|$)/.exec(yaml.slice(key.range[1]));
  if (line === null) return undefined;
  const indent = indentOf(yaml, key.range[0]);
  const from = key.range[1] + line[0].length;
  const comments = new RegExp(`^(?:${indent} +#.*(?:\\n|$))*`).exec(yaml.slice(from))?.[0] ?? '';
  const own = /^ +/.exec(comments)?.[0] ?? `${indent}  `;
  return insertLines(yaml, from + comments.length - 1, block(value, own));
}

function appendItem(yaml: string, seq: YAMLSeq, value: unknown): string | undefined {
  if (!seq.range) return undefined;
  return insertLines(yaml, seq.range[1], block([value], indentOf(yaml, seq.range[0])));
}

/** `end` is where a block collection's content ends: the next text goes below the line that it ends on. */
function insertLines(yaml: string, end: number, lines: string): string {
  let at = end;
  while (at > 0 && /\s/.test(yaml[at - 1] ?? '')) at -= 1;
  const newline = yaml.indexOf('\n', at);
  if (newline === -1) return `${yaml}\n${lines}`;
  return `${yaml.slice(0, newline + 1)}${lines}${yaml.slice(newline + 1)}`;
}

function block(value: unknown, indent: string): string {
  const options = {
    lineWidth: 0,
    schema: 'yaml-1.1',
    indentSeq: true,
    defaultStringType: 'PLAIN',
    defaultKeyType: 'PLAIN',
  } as const;
  return stringify(value, options).replace(/^(?=.)/gm, indent);
}

/** Cuts the lines of a pair or an item, with those of its parents that would stay behind empty. */
function removeText(yaml: string, steps: readonly Step[]): string | undefined {
  let index = steps.length - 1;
  while (index > 1 && sizeOf(steps[index]?.parent) === 1) index -= 1;
  const step = steps[index];
  const parent = step?.parent;
  if (step === undefined || !(isMap(parent) || isSeq(parent))) return undefined;
  if (parent.flow) return removeFromFlow(yaml, parent, (parent.items as unknown[]).indexOf(step.pair ?? step.value));
  const node = step.pair?.key ?? step.value;
  const start = (node as { range?: Range | null }).range?.[0];
  const value = step.value as { range?: Range | null } | null;
  const end = value?.range?.[1];
  if (start === undefined || end === undefined) return undefined;
  const lineStart = yaml.lastIndexOf('\n', start - 1) + 1;
  if (!/^\s*(- )?$/.test(yaml.slice(lineStart, start)) || (isMap(parent) && /-/.test(yaml.slice(lineStart, start))))
    return undefined;
  let last = end;
  while (last > start && /\s/.test(yaml[last - 1] ?? '')) last -= 1;
  const newline = yaml.indexOf('\n', last);
  return yaml.slice(0, lineStart) + (newline === -1 ? '' : yaml.slice(newline + 1));
}

function sizeOf(parent: unknown): number {
  return isMap(parent) || isSeq(parent) ? parent.items.length : 0;
}
