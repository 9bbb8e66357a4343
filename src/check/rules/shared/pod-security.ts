import type { KubeObject } from '../../read/manifest.ts';
import { dict, texts } from '../../read/values.ts';

/** The label of a namespace that says which pods its admission takes. */
export const enforceLabel = 'pod-security.kubernetes.io/enforce';

/** The level of the Pod Security Standards that a namespace enforces; undefined where its manifest does not say. */
export function enforcedLevel(namespace: KubeObject | undefined): string | undefined {
  return texts(dict(namespace?.data.metadata).labels)[enforceLabel];
}
