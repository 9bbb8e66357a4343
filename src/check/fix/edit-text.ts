import { isDeepStrictEqual } from 'node:util';
import { type Document, isDocument, isMap, isScalar, isSeq, visit, type YAMLMap, type YAMLSeq } from 'yaml';
import { restoreContinuations } from '../read/continuations.ts';
import { parseDocument } from '../read/kube-yaml.ts';
import { findPair, resolveAlias } from '../read/tree.ts';
import type { Path } from '../read/values.ts';
import { editInPlace } from './edit-in-place.ts';
import { stepsOf, type TreeEdit } from './edit-steps.ts';

/**
 * Applies an edit to the text of one document, touching no other line: comments, order, indentation and quotes stay.
 * Where the text is of a shape that cannot be edited so, the document is printed anew, comments kept.
 * `path` of the edit starts at the document's root. An edit whose subject is gone changes nothing.
 */
export function editText(yaml: string, edit: TreeEdit): string {
  // To YAML and JSON both ends of a line are one.
  if (/\r\n/.test(yaml) && !/(?<!\r)\n/.test(yaml))
    return editText(yaml.replaceAll('\r\n', '\n'), edit).replaceAll('\n', '\r\n');
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
  const json = isJson(yaml);
  const edited = editInPlace(yaml, tree, edit, json);
  if (edited !== undefined && sameData(edited, wanted) && (!json || isJson(edited))) return edited;
  if (json) return jsonText(yaml, wanted.toJS());
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

/** JSON that cannot be edited in place, laid out as it was: on one line, or in the author's indentation. */
function jsonText(before: string, data: unknown): string {
  const indent = /^[\t ]+(?=")/m.exec(before)?.[0];
  return `${JSON.stringify(data, null, indent ?? (before.trim().includes('\n') ? 2 : undefined))}\n`;
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

/** A map of annotations whose last one went is better gone too: an empty one says nothing. */
function pruneEmpty(base: Base, path: Path): void {
  const node = path.length === 0 ? undefined : base.getIn(path);
  const empty = (isMap(node) || isSeq(node)) && node.items.length === 0;
  if (!empty || path.length < 2) return;
  base.deleteIn(path);
  pruneEmpty(base, path.slice(0, -1));
}
