import type { Fix } from '../../fix/fix.ts';
import { set } from '../../fix/fix.ts';
import type { Cluster, Workload } from '../../model/cluster.ts';
import { sidecarUid } from '../../model/injection.ts';
import type { Container } from '../../model/pod.ts';
import { dict, list, text } from '../../read/values.ts';
import { isNotNative } from './sidecar-order.ts';
import { goNative } from './start-order.ts';

/** Init containers of the app that run before the sidecar does; istio-cni's redirection does not touch uid 1337. */
export function* initContainersBeforeSidecar(cluster: Cluster): Iterable<readonly [Workload, Container]> {
  for (const workload of cluster.workloads) {
    if (!isNotNative(workload)) continue;
    if (workload.template.annotations['traffic.sidecar.istio.io/excludeOutboundIPRanges'] !== undefined) continue;
    if (workload.template.annotations['traffic.sidecar.istio.io/excludeOutboundPorts'] !== undefined) continue;
    for (const container of workload.template.initContainers) {
      if (container.name === 'istio-init' || container.name === 'istio-validation') continue;
      if (isInstallOfShim(container)) continue;
      if (dict(container.data.securityContext).runAsUser !== sidecarUid) yield [workload, container];
    }
  }
}

/** `mesh-shim install DIR` copies files within the pod and calls nobody. */
function isInstallOfShim({ data }: Container): boolean {
  const command = list(data.command).map(text);
  const program = command[0] ?? text(data.image) ?? '';
  const [subcommand] = [...command.slice(1), ...list(data.args).map(text)];
  return subcommand === 'install' && /(^|\/)mesh-shim(?=$|[:@])/.test(program);
}

export function initFix(workload: Workload, container: Container, cluster: Cluster): Fix {
  return (
    goNative(workload, cluster.inputs) ?? {
      title: "run it as the sidecar's user, whose traffic is not redirected",
      certain: false,
      changes: [set(workload.object, [...container.path, 'securityContext', 'runAsUser'], sidecarUid)],
    }
  );
}
