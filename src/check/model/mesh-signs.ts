import type { KubeObject } from '../read/manifest.ts';
import type { PodTemplate } from './pod.ts';

/** Kinds of Istio that say something of the sidecars of their namespace. */
const sidecarKinds: readonly string[] = ['PeerAuthentication', 'Sidecar'];

/** Annotations that do something in a pod with a sidecar only. */
const sidecarAnnotation = /^(sidecar|proxy|inject|(readiness\.)?status\.sidecar|traffic\.sidecar)\.istio\.io\//;

/**
 * Namespaces whose files are written for sidecars: pod templates with annotations for one, or policies for those of the
 * namespace. There an assumed injection is no mere guess.
 */
export function meshSigns(
  objects: readonly KubeObject[],
  workloads: readonly { readonly object: KubeObject; readonly template: PodTemplate }[],
): ReadonlySet<string> {
  return new Set([
    ...objects
      .filter(({ kind, group }) => sidecarKinds.includes(kind) && /\.istio\.io$/.test(group))
      .map(({ namespace }) => namespace),
    ...workloads
      .filter(({ template }) => Object.keys(template.annotations).some((name) => sidecarAnnotation.test(name)))
      .map(({ object }) => object.namespace),
  ]);
}
