import { type Operation, withEmptyParents } from '../edit/operation.ts';
import { type Dict, valueAt } from '../read/values.ts';
import type { FieldEdit } from './fix.ts';

/** What an edit does to an object as it is: nothing where its subject is gone. */
export function operationOf(data: Dict, edit: FieldEdit): readonly Operation[] {
  const needsSubject = edit.op === 'remove' || edit.op === 'rename';
  if (needsSubject && valueAt(data, edit.path) === undefined) return [];
  // A field of the object itself stays, empty: it may have to be there.
  return [edit.op === 'remove' ? { ...edit, path: withEmptyParents(data, edit.path, 2) } : edit];
}
