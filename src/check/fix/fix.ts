import type { Inputs } from '../model/inputs.ts';
import type { KubeObject } from '../read/manifest.ts';
import { type Dict, isDict, list, type Path, valueAt } from '../read/values.ts';

/** One change of one object. Paths start at the object. */
export type Edit =
  /** Sets a value and makes the maps on the way. */
  | { readonly op: 'set'; readonly path: Path; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: Path }
  /** Gives the last key of a path another name, in its place. */
  | { readonly op: 'rename'; readonly path: Path; readonly to: string }
  /** Adds to the end of a list and makes it where there is none. */
  | { readonly op: 'append'; readonly path: Path; readonly value: unknown }
  | { readonly op: 'remove-object' };

export interface Change {
  readonly object: KubeObject;
  readonly edit: Edit;
}

/** What cures a finding. */
export interface Fix {
  /** What it does, in the imperative. */
  readonly title: string;
  /** Whether it is right whatever else the cluster holds, so that `--fix` may write it unasked. */
  readonly certain: boolean;
  readonly changes: readonly Change[];
  /** New objects. */
  readonly creates?: readonly Dict[];
  /** What the installation must be, where no manifest can cure it: to be done, then said in mesh-shim.yaml. */
  readonly inputs?: Partial<Inputs>;
}

export function set(object: KubeObject, path: Path, value: unknown): Change {
  return { object, edit: { op: 'set', path, value } };
}

export function remove(object: KubeObject, path: Path): Change {
  return { object, edit: { op: 'remove', path } };
}

export function rename(object: KubeObject, path: Path, to: string): Change {
  return { object, edit: { op: 'rename', path, to } };
}

export function append(object: KubeObject, path: Path, value: unknown): Change {
  return { object, edit: { op: 'append', path, value } };
}

export function removeObject(object: KubeObject): Change {
  return { object, edit: { op: 'remove-object' } };
}

/** An operation of RFC 6902, as `kubectl patch --type=json` takes it. */
export interface JsonPatchOperation {
  readonly op: 'add' | 'replace' | 'remove' | 'move';
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** The same edit for an object that is in a cluster already; empty for the removal of the whole object. */
export function jsonPatch(data: Dict, edit: Edit): JsonPatchOperation[] {
  switch (edit.op) {
    case 'remove-object':
      return [];
    case 'remove':
      return [{ op: 'remove', path: pointer(edit.path) }];
    case 'rename':
      return [{ op: 'move', from: pointer(edit.path), path: pointer([...edit.path.slice(0, -1), edit.to]) }];
    case 'append':
      if (Array.isArray(valueAt(data, edit.path)))
        return [{ op: 'add', path: `${pointer(edit.path)}/-`, value: edit.value }];
      return addWithParents(data, edit.path, [edit.value]);
    case 'set':
      return addWithParents(data, edit.path, edit.value);
  }
}

/** RFC 6902 adds to a parent that exists, so the first missing one is added with all that belongs below it. */
function addWithParents(data: Dict, path: Path, value: unknown): JsonPatchOperation[] {
  let depth = 1;
  while (depth < path.length && isContainer(valueAt(data, path.slice(0, depth)))) depth += 1;
  const nested = path.slice(depth).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const exists = depth === path.length && valueAt(data, path) !== undefined;
  return [{ op: exists ? 'replace' : 'add', path: pointer(path.slice(0, depth)), value: nested }];
}

function isContainer(value: unknown): boolean {
  return isDict(value) || list(value) === value;
}

/** RFC 6901. */
export function pointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
