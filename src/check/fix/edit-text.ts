import { isDeepStrictEqual } from 'node:util';
import { type Document, isDocument, isMap, isScalar, isSeq, stringify, visit, type YAMLMap, type YAMLSeq } from 'yaml';
import { restoreContinuations } from '../read/continuations.ts';
import { parseDocument } from '../read/kube-yaml.ts';
import { findPair, resolveAlias, type Step, walkTree } from '../read/tree.ts';
import type { Path } from '../read/values.ts';
import type { Edit } from './fix.ts';

/**
 * Applies an edit to the text of one document, touching no other line: comments, order, indentation and quotes stay.
 * Where the text is of a shape that cannot be edited so, the document is printed anew, comments kept.
 * `path` of the edit starts at the document's root. An edit whose subject is gone changes nothing.
 */
export function editText(yaml: string, edit: TreeEdit): string {
  const { tree, text, indented } = parseDocument(yaml);
  if (tree === undefined) return yaml;
  const edited = editParsed(text, tree, edit);
  if (edited === text) return yaml;
  return indented === undefined ? edited : restoreContinuations(edited, indented);
}

function editParsed(yaml: string, tree: Document.Parsed, edit: TreeEdit): string {
  const wanted = tree.clone() as Document.Parsed;
  dropShadowed(wanted);
  if (!editTree(wanted, edit)) return yaml;
  if (isJson(yaml)) return `${JSON.stringify(wanted.toJS(), null, /^[\t ]+(?=")/m.exec(yaml)?.[0] ?? 2)}\n`;
  const edited = tryTextually(yaml, tree, edit);
  if (edited !== undefined && sameData(edited, wanted)) return edited;
  return wanted.toString(styleOf(yaml));
}

/** Prints as the author writes: the width of the first indentation, dashes below their key or indented, spaces in braces. */
function styleOf(yaml: string) {
  return {
    lineWidth: 0,
    indent: Math.max(2, /^( +)\S/m.exec(yaml)?.[1]?.length ?? 2),
    indentSeq: !/^( *)[^\s#-].*:\s*\n\1- /m.test(yaml),
    flowCollectionPadding: yaml.includes('{ '),
  };
}

function isJson(yaml: string): boolean {
  if (!yaml.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(yaml);
    return true;
  } catch {
    return false; // flow style, which is YAML
  }
}

function sameData(yaml: string, wanted: Document.Parsed): boolean {
  const { tree: got } = parseDocument(yaml);
  return got !== undefined && got.errors.length === 0 && isDeepStrictEqual(got.toJS(), wanted.toJS());
}

/** Kubernetes takes the last of two equal keys; an edit must not change, or leave, the one that nobody reads. */
function dropShadowed(tree: Document.Parsed): void {
  visit(tree, {
    Map(_, map) {
      map.items = map.items.filter((pair) => !isScalar(pair.key) || findPair(map, String(pair.key.value)) === pair);
    },
  });
}

type TreeEdit = Exclude<Edit, { op: 'remove-object' }>;

function editTree(tree: Document.Parsed, edit: TreeEdit): boolean {
  const { base, path } = placeOf(tree, edit);
  switch (edit.op) {
    case 'set': {
      const before = path.findIndex((_, index) => index > 0 && base.getIn(path.slice(0, index)) === null);
      if (before > 0) base.deleteIn(path.slice(0, before));
      base.setIn(path, tree.createNode(edit.value));
      return true;
    }
    case 'append': {
      const list = resolveAlias(tree, path.length === 0 ? base : base.getIn(path));
      if (isSeq(list)) list.add(tree.createNode(edit.value));
      else base.setIn(path, tree.createNode([edit.value]));
      return true;
    }
    case 'remove':
      if (!base.hasIn(path)) return false;
      base.deleteIn(path);
      pruneEmpty(base, path.slice(0, -1));
      return true;
    case 'rename': {
      const whole = isDocument(base) ? base.contents : base;
      const parent = path.length === 1 ? whole : base.getIn(path.slice(0, -1));
      const pair = findPair(parent, String(path.at(-1)));
      if (!isScalar(pair?.key)) return false;
      pair.key.value = edit.to;
      return true;
    }
  }
}

type Base = Document.Parsed | YAMLMap | YAMLSeq;

/** Where an edit takes place: behind the last alias or merge key on its way, whose target is what must change. */
function placeOf(tree: Document.Parsed, edit: TreeEdit): { readonly base: Base; readonly path: Path } {
  const steps = stepsOf(tree, edit);
  let base: Base = tree;
  let from = 0;
  let node: unknown = tree.contents;
  for (const [index, { parent, value }] of steps.entries()) {
    if (parent !== node && (isMap(parent) || isSeq(parent))) [base, from] = [parent, index];
    node = value;
  }
  const target = resolveAlias(tree, node);
  const goesOn = steps.length < edit.path.length && target !== node;
  if (goesOn && (isMap(target) || isSeq(target))) [base, from] = [target, steps.length];
  return { base, path: edit.path.slice(from) };
}

/** The steps of an edit that are there. A value that a merge key gives is overridden beside it, not changed at its source. */
function stepsOf(tree: Document.Parsed, { op, path }: TreeEdit): Step[] {
  const steps = walkTree(tree, path);
  const parent = resolveAlias(tree, steps.length < 2 ? tree.contents : steps.at(-2)?.value);
  const isMerged = steps.length === path.length && steps.at(-1)?.parent !== parent;
  return op === 'set' && isMerged ? steps.slice(0, -1) : steps;
}

/** A map of annotations whose last one went is better gone too: an empty one says nothing. */
function pruneEmpty(base: Base, path: Path): void {
  const node = path.length === 0 ? undefined : base.getIn(path);
  const empty = (isMap(node) || isSeq(node)) && node.items.length === 0;
  if (!empty || path.length < 2) return;
  base.deleteIn(path);
  pruneEmpty(base, path.slice(0, -1));
}

function tryTextually(yaml: string, tree: Document.Parsed, edit: TreeEdit): string | undefined {
  const { path } = edit;
  const steps = stepsOf(tree, edit);
  if (edit.op === 'remove') return steps.length < path.length ? undefined : removeText(yaml, steps);
  const existing = steps.length === path.length ? steps.at(-1) : undefined;
  if (edit.op === 'rename') {
    if (existing?.pair === undefined || !isScalar(existing.pair.key)) return undefined;
    return replaceRange(yaml, existing.pair.key.range, edit.to);
  }
  if (edit.op === 'append') {
    const seq = resolveAlias(tree, existing?.value);
    if (isSeq(seq) && !seq.flow && seq.items.length > 0) return appendItem(yaml, seq, edit.value);
    if (existing !== undefined) return undefined;
  } else if (existing !== undefined) {
    const plain = isScalar(existing.value) && existing.value.range !== undefined;
    return plain && !isCollectionValue(edit.value)
      ? replaceRange(yaml, (existing.value as { range: Range }).range, scalarText(edit.value))
      : undefined;
  }
  const parent = resolveAlias(tree, steps.length === 0 ? tree.contents : steps.at(-1)?.value);
  if (!isMap(parent) || parent.flow || parent.items.length === 0) return undefined;
  const missing = path.slice(steps.length);
  if (missing.some((step) => typeof step === 'number')) return undefined;
  const value = edit.op === 'append' ? [edit.value] : edit.value;
  return addPair(
    yaml,
    parent,
    missing.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value),
  );
}

type Range = readonly [number, number, number];

function replaceRange(yaml: string, range: Range | null | undefined, by: string): string | undefined {
  if (range === null || range === undefined) return undefined;
  return yaml.slice(0, range[0]) + by + yaml.slice(range[1]);
}

function scalarText(value: unknown): string {
  const needsQuotes =
    typeof value === 'string' && (/^(true|false|yes|no|on|off|null|~|[\d.+-].*)$/i.test(value) || value === '');
  return needsQuotes ? JSON.stringify(value) : stringify(value, { lineWidth: 0, schema: 'yaml-1.1' }).trimEnd();
}

function isCollectionValue(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
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
  if (step === undefined || !(isMap(parent) || isSeq(parent)) || parent.flow) return undefined;
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
