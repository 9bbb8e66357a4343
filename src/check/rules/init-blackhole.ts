import type { Container } from '../model/pod.ts';
import { annotate, annotationPath } from './shared/annotations.ts';
import { addedBeforeSidecar, initContainersBeforeSidecar, initFix } from './shared/init-traffic.ts';
import type { Rule } from './shared/rule.ts';
import { restsOn } from './shared/sidecar-order.ts';
import { goNative } from './shared/start-order.ts';

export const initBlackhole: Rule = {
  id: 'init-blackhole',
  severity: 'error',
  title: 'An init container in a pod with istio-cni and a sidecar that is not native',
  why: "istio-cni redirects the pod's traffic before its first init container, and the sidecar starts after the last one: the init container has no network at all, and every call it makes is refused.",
  fix: 'A native sidecar; else exclude what it calls with `traffic.sidecar.istio.io/excludeOutboundPorts` (or `...IPRanges`), or run it as user 1337, whose traffic is not redirected.',
  docs: [
    'An error where its command calls others; a warning where an address in its variables or arguments, or its name, says so; else an info.',
    'Silent for an init container whose command is known to call nobody (cp, chmod, chown, sysctl, `mesh-shim install`, ...), and for those of meshes themselves. For another one that never does, suppress the finding and give that as the reason.',
    'It knows the init containers that the injectors of Vault and Conjur add, which no manifest shows.',
  ],
  *check(cluster) {
    if (!cluster.inputs.cni) return;
    for (const [workload, container] of initContainersBeforeSidecar(cluster)) {
      yield {
        object: workload.object,
        path: [...container.path, 'name'],
        message: messageOf(container),
        severity: severities[container.calls.level],
        restsOn: [...restsOn(workload), 'cni'],
        ...initFix(workload, container, cluster),
      };
    }
    for (const [workload, { annotation, by, calls, port }] of addedBeforeSidecar(cluster)) {
      yield {
        object: workload.object,
        path: annotationPath(workload, annotation),
        message: `The init container that ${by} adds cannot reach ${calls}: its traffic goes to a sidecar that has not started.`,
        restsOn: [...restsOn(workload), 'cni'],
        fix: goNative(workload, cluster.inputs) ?? {
          title: `let calls to port ${port} past the sidecar`,
          certain: false,
          changes: [annotate(workload, 'traffic.sidecar.istio.io/excludeOutboundPorts', String(port))],
        },
      };
    }
  },
};

const severities = { sure: 'error', likely: 'warning', unknown: 'info', none: 'info' } as const;

function messageOf({ name, calls: { level, sign } }: Container): string {
  if (level === 'unknown')
    return `If the init container "${name}" calls others, it fails: the sidecar has not started.`;
  return `The init container "${name}" has no network, and ${sign}: its traffic goes to a sidecar that has not started.`;
}
