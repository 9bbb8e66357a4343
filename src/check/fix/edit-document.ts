import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from '../read/kube-yaml.ts';
import { type Dict, dict, isDict, list, type Path } from '../read/values.ts';
import { editData } from './edit-data.ts';
import { editText } from './edit-text.ts';
import type { Change } from './fix.ts';
import { orderChanges } from './order-changes.ts';

/** A document's text after its changes, or why they cannot be made there, as a sentence without its full stop. */
export type EditedDocument =
  | { readonly text: string; readonly fault?: undefined }
  | { readonly text?: undefined; readonly fault: string };

/**
 * Makes changes in the text of a document, and holds the result against the same changes of its data: no other value may
 * have changed, in this object or another, as where an alias shares what is changed.
 */
export function editDocument(before: string, changes: readonly Change[]): EditedDocument {
  const ordered = orderChanges(changes);
  const whole = ordered.some(({ object, edit }) => edit.op === 'remove-object' && object.root.length === 0);
  if (whole) return { text: '' };
  let text = before;
  try {
    for (const change of ordered) text = editText(text, rooted(change));
    const wanted = ordered.reduce((data, change) => editData(data, rooted(change)), dataOf(before));
    if (isDeepStrictEqual(withoutEmpty(dataOf(text)), withoutEmpty(wanted))) return { text };
  } catch {
    return { fault: 'its text cannot be edited there' };
  }
  return { fault: 'something else would change with it, by an alias or a merge key: write out what is shared' };
}

function rooted({ object, edit }: Change) {
  return edit.op === 'remove-object'
    ? ({ op: 'remove', path: object.root } as const)
    : { ...edit, path: [...object.root, ...edit.path] as Path };
}

function dataOf(text: string): Dict {
  const { tree } = parseDocument(text);
  if (tree === undefined || tree.errors.length > 0) throw new Error('not to be read');
  return dict(tree.toJS());
}

/** Whether a map that became empty is kept is a matter of style. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return list(value).map(withoutEmpty);
  if (!isDict(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, withoutEmpty(item)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined && item !== null && !isEmpty(item)));
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isDict(value) && Object.keys(value).length === 0;
}
