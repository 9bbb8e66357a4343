import { effectiveMtls } from '../model/mtls.ts';
import { initContainersBeforeSidecar, initFix } from './shared/init-traffic.ts';
import type { Rule } from './shared/rule.ts';
import { restsOn } from './shared/sidecar-order.ts';

export const initOutsideMesh: Rule = {
  id: 'init-outside-mesh',
  severity: 'info',
  title: 'An init container that runs before a sidecar that is not native',
  why: 'It runs before the traffic is redirected: its calls leave the pod as plain text, without identity, and servers with STRICT mTLS refuse them.',
  fix: 'A native sidecar, which runs before the init containers.',
  docs: [
    'A warning where the mesh or the namespace is STRICT, since calls to its neighbours then fail. With istio-cni the rule is init-blackhole.',
    'Silent for an init container whose command is known to use no network (cp, chmod, chown, sysctl, `mesh-shim install`, ...).',
  ],
  *check(cluster) {
    if (cluster.inputs.cni) return;
    for (const [workload, container] of initContainersBeforeSidecar(cluster)) {
      const strict = effectiveMtls(cluster, workload).mode === 'STRICT';
      yield {
        object: workload.object,
        path: [...container.path, 'name'],
        message: `The init container "${container.name}" calls in plain text${strict ? ': servers under STRICT refuse it' : ', outside the mesh'}.`,
        severity: strict ? 'warning' : 'info',
        restsOn: restsOn(workload),
        ...initFix(workload, container, cluster),
      };
    }
  },
};
