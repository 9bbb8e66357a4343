import type { KubeObject } from '../../read/manifest.ts';
import { dict, list, text } from '../../read/values.ts';

/** The namespaces that see an object: `*` is all of them. */
export function scopesOf({ data, namespace }: KubeObject): readonly string[] {
  const exported = list(dict(data.spec).exportTo).flatMap((scope) => text(scope) ?? []);
  if (exported.length === 0 || exported.includes('*')) return ['*'];
  return exported.map((scope) => (scope === '.' ? namespace : scope));
}

/** Whether an object's `exportTo` lets a namespace see it; without one it is for all. */
export function isExportedTo(object: KubeObject, namespace: string): boolean {
  const scopes = scopesOf(object);
  return scopes.includes('*') || scopes.includes(namespace);
}
