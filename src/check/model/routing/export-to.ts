import type { KubeObject } from '../../read/manifest.ts';
import { dict, list } from '../../read/values.ts';

/** Whether an object's `exportTo` lets a namespace see it; without one it is for all. */
export function isExportedTo({ data, namespace: own }: KubeObject, namespace: string): boolean {
  const names = list(dict(data.spec).exportTo);
  if (names.length === 0 || names.includes('*')) return true;
  return names.includes(namespace) || (names.includes('.') && own === namespace);
}
