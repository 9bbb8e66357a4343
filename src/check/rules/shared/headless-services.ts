import type { Cluster, Service, Workload } from '../../model/cluster.ts';
import { dict } from '../../read/values.ts';

/** StatefulSets in the mesh with the headless Service that names their pods. */
export function* statefulPairs(cluster: Cluster): Iterable<readonly [Workload, Service]> {
  for (const workload of cluster.workloads) {
    if (workload.object.kind !== 'StatefulSet' || workload.injection.injected !== true) continue;
    const { serviceName } = dict(workload.object.data.spec);
    const service = cluster
      .servicesOf(workload)
      .find(({ object, headless }) => headless && object.name === serviceName);
    if (service !== undefined) yield [workload, service];
  }
}
