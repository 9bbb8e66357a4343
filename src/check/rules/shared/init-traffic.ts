import type { Fix } from '../../fix/fix.ts';
import { set } from '../../fix/fix.ts';
import type { Cluster, Workload } from '../../model/cluster.ts';
import { sidecarUid } from '../../model/injection.ts';
import { type AddedInit, addedInits } from '../../model/other-injectors.ts';
import type { Container } from '../../model/pod.ts';
import { dict } from '../../read/values.ts';
import { isNotNative } from './sidecar-order.ts';
import { goNative } from './start-order.ts';

/** Init containers of the app that run before the sidecar does; istio-cni's redirection does not touch uid 1337. */
export function* initContainersBeforeSidecar(cluster: Cluster): Iterable<readonly [Workload, Container]> {
  for (const workload of cluster.workloads) {
    if (!isNotNative(workload)) continue;
    if (excludesSome(workload)) continue;
    for (const container of workload.template.initContainers) {
      if (container.calls.level === 'none') continue;
      if (dict(container.data.securityContext).runAsUser !== sidecarUid) yield [workload, container];
    }
  }
}

/** Init containers that other programs' webhooks add to pods whose sidecar is not native. */
export function* addedBeforeSidecar(cluster: Cluster): Iterable<readonly [Workload, AddedInit]> {
  for (const workload of cluster.workloads) {
    if (!isNotNative(workload) || excludesSome(workload)) continue;
    for (const added of addedInits(workload.template)) yield [workload, added];
  }
}

/** Some of the pod's calls are not redirected: those of its init containers, as a rule. */
function excludesSome({ template }: Workload): boolean {
  return ['excludeOutboundIPRanges', 'excludeOutboundPorts'].some(
    (name) => template.annotations[`traffic.sidecar.istio.io/${name}`] !== undefined,
  );
}

/** Undefined where nothing in the manifest cures it: on OpenShift the sidecar's user is not known. */
export function initFix(workload: Workload, container: Container, cluster: Cluster): { readonly fix?: Fix } {
  const native = goNative(workload, cluster.inputs);
  if (native !== undefined) return { fix: native };
  if (cluster.inputs.openshift) return {};
  return {
    fix: {
      title: "run it as the sidecar's user, whose traffic is not redirected",
      certain: false,
      changes: [set(workload.object, [...container.path, 'securityContext', 'runAsUser'], sidecarUid)],
    },
  };
}
