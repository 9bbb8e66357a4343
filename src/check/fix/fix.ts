import type { OperationOf } from '../edit/operation.ts';
import type { Inputs } from '../model/inputs.ts';
import type { KubeObject } from '../read/manifest.ts';
import type { Dict, Path } from '../read/values.ts';

/** One change of one object. Paths start at the object. */
export type Edit = FieldEdit | { readonly op: 'remove-object' };

/** Of a field. With what is removed go the maps and lists that would be left empty. */
export type FieldEdit = OperationOf<'set' | 'append' | 'rename' | 'remove'>;

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
  /** What to know or to do beside it. */
  readonly notes?: readonly Note[];
}

/** A sentence, and the command that it speaks of. */
export interface Note {
  readonly text: string;
  readonly command?: string;
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
