import type { KubeObject } from '../../read/manifest.ts';
import { dict, text } from '../../read/values.ts';

/** Whether an object says itself, or by its source, where it goes. What does not goes wherever it is applied: `kubectl apply -n`. */
export function hasOwnNamespace(object: KubeObject, defaultNamespace: string): boolean {
  return object.namespace !== defaultNamespace || text(dict(object.data.metadata).namespace) !== undefined;
}
