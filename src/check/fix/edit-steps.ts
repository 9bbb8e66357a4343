import type { Document } from 'yaml';
import { resolveAlias, type Step, walkTree } from '../read/tree.ts';
import type { Edit } from './fix.ts';

export type TreeEdit = Exclude<Edit, { op: 'remove-object' }>;

/** The steps of an edit that are there. A value that a merge key gives is overridden beside it, not changed at its source. */
export function stepsOf(tree: Document.Parsed, { op, path }: TreeEdit): Step[] {
  const steps = walkTree(tree, path);
  const parent = resolveAlias(tree, steps.length < 2 ? tree.contents : steps.at(-2)?.value);
  const isMerged = steps.length === path.length && steps.at(-1)?.parent !== parent;
  return op === 'set' && isMerged ? steps.slice(0, -1) : steps;
}
