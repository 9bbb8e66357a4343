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
    'A warning where the mesh or the namespace is STRICT, since calls to its neighbours then fail, and the container is likely to make some: by its command, by an address in its variables or arguments, or by its name. With istio-cni the rule is init-blackhole.',
    'Silent for an init container whose command is known to call nobody (cp, chmod, chown, sysctl, `mesh-shim install`, ...), and for those of meshes themselves.',
  ],
  *check(cluster) {
    if (cluster.inputs.cni) return;
    for (const [workload, container] of initContainersBeforeSidecar(cluster)) {
      const strict = effectiveMtls(cluster, workload).mode === 'STRICT';
      const { level, sign } = container.calls;
      const calls =
        level === 'unknown' ? 'If the init container calls others, it does so' : 'The init container calls others';
      yield {
        object: workload.object,
        path: [...container.path, 'name'],
        message: `${calls} in plain text${strict ? ': servers under STRICT refuse it' : ', outside the mesh'} ("${container.name}"${sign === '' ? '' : `: ${sign}`}).`,
        severity: strict && level !== 'unknown' ? 'warning' : 'info',
        restsOn: restsOn(workload),
        ...initFix(workload, container, cluster),
      };
    }
  },
};
