import { set } from '../fix/fix.ts';
import { permissivePorts } from '../fix/recipes.ts';
import { isCaptured, targetOf } from '../model/cluster.ts';
import { effectiveMtls, workloadPolicies } from '../model/mtls.ts';
import { dict } from '../read/values.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const ownTlsStrict: Rule = {
  id: 'own-tls-strict',
  severity: 'warning',
  title: "A STRICT port with the app's own TLS that clients without a sidecar can reach",
  why: "STRICT asks for the mesh's mTLS around the app's TLS. Clients outside the mesh speak only the app's TLS and are refused.",
  fix: 'PERMISSIVE for that container port (`portLevelMtls`): the app authenticates its clients itself.',
  docs: ['A Service of type LoadBalancer or NodePort is taken as the sign that clients come from outside.'],
  *check(cluster) {
    for (const service of cluster.services) {
      const { type } = dict(service.object.data.spec);
      if ((type !== 'LoadBalancer' && type !== 'NodePort') || service.selector === undefined) continue;
      for (const workload of cluster.selected(service.object.namespace, service.selector)) {
        for (const port of service.ports) {
          const target = targetOf(port, workload);
          if (port.protocol.handling !== 'tls' || target === undefined || !isCaptured(workload, target)) continue;
          const { mode, by } = effectiveMtls(cluster, workload, target);
          if (mode !== 'STRICT') continue;
          const [policy] = workloadPolicies(cluster, workload);
          const { name, namespace } = workload.object;
          const scope = { name: `${name}-own-tls`, namespace, labels: service.selector };
          yield {
            object: service.object,
            path: port.path,
            message: `Clients from outside the mesh are refused on port ${port.port}: it is STRICT${by ? ` by PeerAuthentication ${by.namespace}/${by.name}` : ''}.`,
            restsOn: [...memberBy(workload), ...(by === undefined ? (['mtls'] as const) : [])],
            fix: {
              title: `accept the app's own TLS on container port ${target}`,
              certain: false,
              changes:
                policy === undefined
                  ? []
                  : [set(policy, ['spec', 'portLevelMtls', String(target), 'mode'], 'PERMISSIVE')],
              creates: policy === undefined ? [permissivePorts(scope, [target], 'STRICT')] : [],
            },
          };
        }
      }
    }
  },
};
