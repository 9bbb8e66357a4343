import { isDeepStrictEqual } from 'node:util';
import { comparePaths } from '../edit/operation.ts';
import type { Path } from '../read/values.ts';
import type { Change } from './fix.ts';

/**
 * The changes of one document in the order in which they can be made, each once: of two that set one key, the first. Removals
 * go last and from the end, since they move the indexes of what follows.
 */
export function orderChanges(changes: readonly Change[]): readonly Change[] {
  const isRemoval = ({ edit }: Change) => edit.op === 'remove' || edit.op === 'remove-object';
  const removals = changes.filter(isRemoval).toSorted((a, b) => comparePaths(placeOf(b), placeOf(a)));
  const ordered = [...changes.filter((change) => !isRemoval(change)), ...removals];
  return ordered.filter((change, index) => !ordered.slice(0, index).some((other) => samePlace(other, change)));
}

function placeOf({ object, edit }: Change): Path {
  return [...object.root, ...(edit.op === 'remove' ? edit.path : [])];
}

function samePlace({ object, edit: a }: Change, { object: other, edit: b }: Change): boolean {
  if (object !== other || a.op !== b.op) return false;
  if (a.op === 'remove-object' || b.op === 'remove-object') return true;
  if (!isDeepStrictEqual(a.path, b.path)) return false;
  return a.op !== 'append' || isDeepStrictEqual(a, b);
}
