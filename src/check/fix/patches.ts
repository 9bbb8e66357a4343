import { type JsonPatchOperation, jsonPatchOf } from '../edit/json-patch.ts';
import { pointer } from '../edit/pointer.ts';
import type { KubeObject } from '../read/manifest.ts';
import { type Dict, dict, isDict, type Path, valueAt } from '../read/values.ts';
import type { FieldEdit } from './fix.ts';

/** What `kubectl patch` takes, for an object that is in a cluster already. */
export type Patch =
  /** RFC 7386. Patches of one object compose: each leaves alone what it does not name. */
  | { readonly type: 'merge'; readonly patch: Dict }
  /** RFC 6902, for what stands in a list. It tests that the item is the one that was meant, and fails where it is not. */
  | { readonly type: 'json'; readonly patch: readonly JsonPatchOperation[] };

/** The patches that make these edits of an object: at most one of each type. */
export function patchesOf({ data }: KubeObject, edits: readonly FieldEdit[]): Patch[] {
  const inLists = edits.filter((edit) => isInList(data, edit));
  const others = edits.filter((edit) => !inLists.includes(edit));
  const merged = others.reduce<Dict>((patch, edit) => merge(patch, mergePatch(data, edit)), {});
  const operations = withoutRepeats(inLists.flatMap((edit) => jsonPatch(data, edit)));
  return [
    ...(others.length === 0 ? [] : [{ type: 'merge', patch: merged } as const]),
    ...(operations.length === 0 ? [] : [{ type: 'json', patch: operations } as const]),
  ];
}

/** A merge patch replaces lists as a whole. */
function isInList(data: Dict, { op, path }: FieldEdit): boolean {
  return path.some((step) => typeof step === 'number') || (op === 'append' && Array.isArray(valueAt(data, path)));
}

function mergePatch(data: Dict, edit: FieldEdit): Dict {
  const nest = (path: Path, value: unknown) =>
    path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Dict;
  switch (edit.op) {
    case 'set':
      return nest(edit.path, edit.value);
    case 'append':
      return nest(edit.path, [edit.value]);
    case 'remove':
      return nest(edit.path, null);
    case 'rename': {
      const parent = edit.path.slice(0, -1);
      return nest(parent, { [String(edit.path.at(-1))]: null, [edit.to]: valueAt(data, edit.path) });
    }
  }
}

function merge(a: Dict, b: Dict): Dict {
  const result: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const own = result[key];
    result[key] = isDict(own) && isDict(value) ? merge(own, value) : value;
  }
  return result;
}

function jsonPatch(data: Dict, edit: FieldEdit): JsonPatchOperation[] {
  const tests = edit.path.flatMap((step, index) =>
    typeof step === 'number' ? identify(data, edit.path.slice(0, index + 1)) : [],
  );
  return [...tests, ...jsonPatchOf(data, [edit])];
}

/** By what an item of a list is known: what no fix changes, so that several patches can be made one after the other. */
function identify(data: Dict, path: Path): JsonPatchOperation[] {
  const item = valueAt(data, path);
  const own = dict(item);
  const key = ['port', 'containerPort', 'number', 'name'].find((name) =>
    ['string', 'number'].includes(typeof own[name]),
  );
  if (key !== undefined) return [{ op: 'test', path: pointer([...path, key]), value: own[key] }];
  return isDict(item) || Array.isArray(item) || item === undefined
    ? []
    : [{ op: 'test', path: pointer(path), value: item }];
}

/** One test of an item is enough, while nothing before has changed what it tests. */
function withoutRepeats(operations: readonly JsonPatchOperation[]): JsonPatchOperation[] {
  const seen = new Set<string>();
  return operations.filter((operation) => {
    if (operation.op !== 'test') return true;
    const isNew = !seen.has(operation.path);
    seen.add(operation.path);
    return isNew;
  });
}
