import type { Cluster, Service, Workload } from '../../model/cluster.ts';
import type { KubeObject } from '../../read/manifest.ts';
import { dict } from '../../read/values.ts';

/** StatefulSets in the mesh with the headless Service that names their pods. */
export function* statefulPairs(cluster: Cluster): Iterable<readonly [Workload, Service]> {
  for (const workload of cluster.workloads) {
    if (!isStatefulSet(workload.object) || workload.injection.injected !== true) continue;
    const { serviceName } = dict(workload.object.data.spec);
    const service = cluster
      .servicesOf(workload)
      .find(({ object, headless }) => headless && object.name === serviceName);
    if (service !== undefined) yield [workload, service];
  }
}

/** Kubernetes' own, or OpenKruise's, which has the same fields. */
export function isStatefulSet({ kind, group }: KubeObject): boolean {
  return kind === 'StatefulSet' && (group === 'apps' || group === 'apps.kruise.io');
}
