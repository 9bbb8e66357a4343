import { type Document, isMap, isScalar, isSeq, visit } from 'yaml';
import { applyToData } from '../edit/apply-to-data.ts';
import { hasData } from '../edit/edit-text.ts';
import type { Operation } from '../edit/operation.ts';
import { dashesAreIndented, isJsonText } from '../edit/text-style.ts';
import { parseDocument } from '../read/kube-yaml.ts';
import { findPair } from '../read/tree.ts';

/**
 * A document printed anew with an operation carried out, for a text of a shape that cannot be edited in place: in the style
 * of the author, comments kept. Undefined where an alias or a merge key does not let that be done.
 */
export function printEdited(text: string, operation: Operation): string | undefined {
  const { tree } = parseDocument(text);
  if (tree === undefined || tree.errors.length > 0) return undefined;
  const wanted = applyToData(tree.toJS(), [operation]);
  if (isJsonText(text)) return jsonText(text, wanted);
  dropShadowed(tree);
  try {
    editTree(tree, operation);
  } catch {
    // The tree has an alias or a scalar where the path goes on.
    return undefined;
  }
  const printed = tree.toString(styleOf(text));
  if (!hasData(printed, wanted)) return undefined;
  return text.includes('\r\n') ? printed.replaceAll('\n', '\r\n') : printed;
}

/** The width of the first indentation, dashes below their key or indented, spaces in braces. */
function styleOf(text: string) {
  return {
    lineWidth: 0,
    indent: Math.max(2, /^( +)\S/m.exec(text)?.[1]?.length ?? 2),
    indentSeq: dashesAreIndented(text),
    flowCollectionPadding: text.includes('{ '),
  };
}

/** On one line, or in the author's indentation. */
function jsonText(before: string, data: unknown): string {
  const indent = /^[\t ]+(?=")/m.exec(before)?.[0];
  return `${JSON.stringify(data, null, indent ?? (before.trim().includes('\n') ? 2 : undefined))}\n`;
}

/** Kubernetes takes the last of two equal keys; an edit must not change, or leave, the one that nobody reads. */
function dropShadowed(tree: Document.Parsed): void {
  visit(tree, {
    Map(_, map) {
      map.items = map.items.filter((pair) => !isScalar(pair.key) || findPair(map, String(pair.key.value)) === pair);
    },
  });
}

function editTree(tree: Document.Parsed, operation: Operation): void {
  const { path } = operation;
  switch (operation.op) {
    case 'set': {
      const empty = path.findIndex((_, index) => index > 0 && isNothing(tree.getIn(path.slice(0, index), true)));
      if (empty > 0) tree.deleteIn(path.slice(0, empty));
      tree.setIn(path, tree.createNode(operation.value));
      return;
    }
    case 'append': {
      const list = tree.getIn(path);
      if (isSeq(list)) list.add(tree.createNode(operation.value));
      else tree.setIn(path, tree.createNode([operation.value]));
      return;
    }
    case 'splice': {
      const list = tree.getIn(path);
      const items = operation.items.map((item) => tree.createNode(item));
      if (isSeq(list)) list.items.splice(operation.index, operation.count, ...items);
      return;
    }
    case 'remove':
      tree.deleteIn(path);
      return;
    case 'rename': {
      const parent = path.length === 1 ? tree.contents : tree.getIn(path.slice(0, -1));
      const pair = isMap(parent) ? findPair(parent, String(path.at(-1))) : undefined;
      if (isScalar(pair?.key)) pair.key.value = operation.to;
    }
  }
}

function isNothing(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}
