import { set } from '../fix/fix.ts';
import { dict } from '../read/values.ts';
import { memberBy } from './shared/member-by.ts';
import { enforcedLevel } from './shared/pod-security.ts';
import type { Rule } from './shared/rule.ts';

export const psaSeccomp: Rule = {
  id: 'psa-seccomp',
  severity: 'error',
  title: 'A seccompProfile per container only, in a namespace that enforces restricted',
  why: 'istio-proxy does not get it, and "restricted" requires one on every container: the injected pod is refused.',
  fix: 'seccompProfile on the pod, which all containers inherit; or values.global.proxy.seccompProfile of the installation.',
  docs: [],
  *check(cluster) {
    const { cni, proxySeccomp } = cluster.inputs;
    if (!cni || proxySeccomp) return;
    for (const workload of cluster.workloads) {
      const { object, template, injection } = workload;
      if (injection.injected !== true) continue;
      if (enforcedLevel(cluster.namespace(object.namespace)) !== 'restricted') continue;
      if (dict(template.spec.securityContext).seccompProfile !== undefined) continue;
      const own = template.containers.find(({ data }) => dict(data.securityContext).seccompProfile !== undefined);
      if (own === undefined) continue;
      yield {
        object,
        path: [...own.path, 'securityContext', 'seccompProfile'],
        message: 'The pod is refused: istio-proxy has no seccompProfile, and the namespace enforces restricted.',
        restsOn: [...memberBy(workload), 'proxySeccomp'],
        fix: {
          title: 'set it for the pod',
          certain: true,
          changes: [
            set(
              object,
              [...template.specPath, 'securityContext', 'seccompProfile'],
              dict(own.data.securityContext).seccompProfile,
            ),
          ],
        },
      };
    }
  },
};
