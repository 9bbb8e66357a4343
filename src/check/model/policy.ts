import type { KubeObject } from '../read/manifest.ts';
import { dict, texts } from '../read/values.ts';

/** A PeerAuthentication. */
export interface Policy {
  readonly object: KubeObject;
  /** Labels of the pods that it is for; undefined: all of its namespace, or of the mesh. */
  readonly selector: Readonly<Record<string, string>> | undefined;
}

export function policyOf(object: KubeObject): Policy {
  const labels = texts(dict(dict(object.data.spec).selector).matchLabels);
  return { object, selector: Object.keys(labels).length === 0 ? undefined : labels };
}
