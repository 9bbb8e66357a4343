import { type Document, isAlias, isMap, isScalar, isSeq, type Pair } from 'yaml';
import type { Path } from './values.ts';

/** One step along a path in a syntax tree. */
export interface Step {
  /** The map or list that has it; not that of the step before where an alias or a merge key leads elsewhere. */
  readonly parent: unknown;
  readonly pair: Pair | undefined;
  readonly value: unknown;
}

/** As far along a path as the tree goes, through aliases and merge keys as through what they stand for. */
export function walkTree(tree: Document.Parsed, path: Path): Step[] {
  const steps: Step[] = [];
  let node = resolveAlias(tree, tree.contents);
  for (const key of path) {
    const step = child(tree, node, key);
    if (step === undefined) break;
    steps.push(step);
    node = resolveAlias(tree, step.value);
  }
  return steps;
}

/** What an alias stands for; any other node itself. */
export function resolveAlias(tree: Document.Parsed, node: unknown): unknown {
  return isAlias(node) ? node.resolve(tree) : node;
}

/** Kubernetes takes the last of two equal keys. */
export function findPair(map: unknown, key: string): Pair | undefined {
  if (!isMap(map)) return undefined;
  return map.items.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

function child(tree: Document.Parsed, node: unknown, key: string | number): Step | undefined {
  if (isSeq(node)) {
    const value = typeof key === 'number' ? node.items[key] : undefined;
    return value === undefined ? undefined : { parent: node, pair: undefined, value };
  }
  const own = findPair(node, String(key));
  if (own !== undefined) return { parent: node, pair: own, value: own.value };
  for (const map of mergedMaps(tree, node)) {
    const pair = findPair(map, String(key));
    if (pair !== undefined) return { parent: map, pair, value: pair.value };
  }
  return undefined;
}

/** The maps that `<<` brings in; the first that has a key gives it. Merges in merged maps are not looked for. */
function mergedMaps(tree: Document.Parsed, map: unknown): unknown[] {
  if (!isMap(map)) return [];
  // The parser gives a merge key a symbol for its value; a quoted << is a key like any other.
  const merge = map.items.find(({ key }) => isScalar(key) && typeof key.value === 'symbol');
  const merged = resolveAlias(tree, merge?.value);
  return isSeq(merged) ? merged.items.map((item) => resolveAlias(tree, item)) : [merged];
}
