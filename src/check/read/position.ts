import { type Document, isMap, isNode, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { countLines, parseDocuments } from './documents.ts';
import type { KubeObject, ManifestDocument } from './manifest.ts';
import type { Path } from './values.ts';

export interface Position {
  /** 1-based, in the source. */
  readonly line: number;
  readonly column: number;
}

/** Finds keys in documents. It keeps the tree of the last document only: findings come object by object. */
export function createLocator(): (object: KubeObject, path: Path) => Position {
  let last: { document: ManifestDocument; tree: Document.Parsed | undefined } | undefined;
  return (object, path) => {
    if (last?.document !== object.document) {
      last = { document: object.document, tree: parseDocuments(object.document.text).at(-1) };
    }
    return positionIn(object.document, keyOffset(last.tree, [...object.root, ...path]));
  };
}

/** Line and column of an offset in a document's text. */
export function positionIn(document: ManifestDocument, offset: number): Position {
  const before = document.text.slice(0, offset);
  return { line: document.line + countLines(before), column: before.length - before.lastIndexOf('\n') };
}

/** Where the key at a path begins, or the list's item; if the path ends early, the last of it that is there. */
function keyOffset(tree: Document.Parsed | undefined, path: Path): number {
  let node: unknown = tree?.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const pair = isMap(node) ? findPair(node, String(step)) : undefined;
    const item = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
    const target = pair?.key ?? item;
    if (target === undefined) break;
    offset = startOf(target) ?? offset;
    node = pair === undefined ? item : pair.value;
  }
  return offset;
}

export function findPair(map: Node, key: string): Pair | undefined {
  if (!isMap(map)) return undefined;
  return map.items.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

function startOf(node: unknown): number | undefined {
  if (isPair(node)) return startOf(node.key);
  return isNode(node) ? node.range?.[0] : undefined;
}
