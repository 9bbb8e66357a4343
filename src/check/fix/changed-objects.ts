import { applyToData } from '../edit/apply-to-data.ts';
import { groupBy } from '../model/group-by.ts';
import { type KubeObject, kubeObject } from '../read/manifest.ts';
import { type Dict, dict, text } from '../read/values.ts';
import type { Change, Fix } from './fix.ts';
import { operationOf } from './operation-of.ts';
import { orderChanges } from './order-changes.ts';

/** What fixes make of objects: those that change by the data that they had, undefined for what is removed. */
export type ChangedData = ReadonlyMap<Dict, Dict | undefined>;

export function changedData(fixes: readonly Fix[]): ChangedData {
  const result = new Map<Dict, Dict | undefined>();
  // One object is several in several worlds; its data tells that they are one.
  for (const [data, changes] of groupBy(
    fixes.flatMap((fix) => fix.changes),
    ({ object }) => object.data,
  ))
    result.set(data, changedObject(data, changes));
  return result;
}

function changedObject(before: Dict, changes: readonly Change[]): Dict | undefined {
  const [first] = changes;
  const own = first === undefined ? [] : changes.map(({ edit }) => ({ object: first.object, edit }));
  let data = before;
  for (const { edit } of orderChanges(own)) {
    if (edit.op === 'remove-object') return undefined;
    data = dict(applyToData(data, operationOf(data, edit)));
  }
  return data;
}

/** The objects of a world after the fixes, without those that they remove. */
export function changedObjects(
  objects: readonly KubeObject[],
  changed: ChangedData,
  defaultNamespace: string,
): KubeObject[] {
  return objects.flatMap((object) => {
    if (!changed.has(object.data)) return [object];
    const data = changed.get(object.data);
    return data === undefined ? [] : [withData(object, data, defaultNamespace)];
  });
}

function withData(object: KubeObject, data: Dict, defaultNamespace: string): KubeObject {
  const { document, root, kind } = object;
  const found = { document, root, data, kind, apiVersion: text(data.apiVersion) ?? object.apiVersion };
  return kubeObject(found, { source: document.source, defaultNamespace });
}

/** New objects, as if they stood in the file of what they are made for. */
export function createdObjects(fix: Fix, beside: KubeObject, defaultNamespace: string): KubeObject[] {
  return (fix.creates ?? []).map((data) =>
    kubeObject(
      {
        document: beside.document,
        root: beside.root,
        data,
        apiVersion: text(data.apiVersion) ?? '',
        kind: text(data.kind) ?? '',
      },
      { source: beside.document.source, defaultNamespace },
    ),
  );
}
