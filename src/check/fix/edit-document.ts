import { applyToData } from '../edit/apply-to-data.ts';
import { editText } from '../edit/edit-text.ts';
import { below, type Operation } from '../edit/operation.ts';
import { parseDocument } from '../read/kube-yaml.ts';
import { type Dict, dict, valueAt } from '../read/values.ts';
import type { Change } from './fix.ts';
import { operationOf } from './operation-of.ts';
import { orderChanges } from './order-changes.ts';
import { printEdited } from './print-edited.ts';

/** A document's text after its changes, or why they cannot be made there, as a sentence without its full stop. */
export type EditedDocument =
  | { readonly text: string; readonly fault?: undefined }
  | { readonly text?: undefined; readonly fault: string };

/** Makes changes in the text of a document, without changing any other value of it. */
export function editDocument(before: string, changes: readonly Change[]): EditedDocument {
  const ordered = orderChanges(changes);
  const whole = ordered.some(({ object, edit }) => edit.op === 'remove-object' && object.root.length === 0);
  if (whole) return { text: '' };
  const { tree } = parseDocument(before);
  if (tree === undefined || tree.errors.length > 0) return { fault: 'its text cannot be edited there' };
  let data: unknown = tree.toJS();
  const operations: Operation[] = [];
  for (const change of ordered) {
    // Each on what those before it have made: where one takes the last but one value out, the next takes all.
    const own = operationsOf(data, change);
    data = applyToData(data, own);
    operations.push(...own);
  }
  const text = editText(before, operations) ?? oneByOne(before, operations);
  return text === undefined
    ? { fault: 'something else would change with it, by an alias or a merge key: write out what is shared' }
    : { text };
}

function operationsOf(data: unknown, { object, edit }: Change): readonly Operation[] {
  if (edit.op === 'remove-object') return [{ op: 'remove', path: object.root }];
  const own: Dict = dict(valueAt(data, object.root));
  return below(object.root, operationOf(own, edit));
}

/** Where two meet in one place, or one has no place in the text as it is. */
function oneByOne(before: string, operations: readonly Operation[]): string | undefined {
  let text: string | undefined = before;
  for (const operation of operations) {
    if (text === undefined) return undefined;
    text = editText(text, [operation]) ?? printEdited(text, operation);
  }
  return text;
}
