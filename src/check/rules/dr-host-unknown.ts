import { set } from '../fix/fix.ts';
import { hostText, MeshHosts } from '../model/routing/mesh-hosts.ts';
import { dict } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

export const drHostUnknown: Rule = {
  id: 'dr-host-unknown',
  severity: 'error',
  title: 'A DestinationRule for a host that the mesh does not know',
  why: 'The rule applies to no call: its TLS mode, its limits and its subsets are not there, and nobody says so.',
  fix: 'The name of a Service in the same namespace, or `NAME.NAMESPACE.svc.cluster.local`.',
  docs: [
    'An error where the name has a dot that keeps Istio from completing it (`web.shop`) and the files have that Service.',
    'A Service that is not in the files may be in the cluster. It is a warning where the files have one of nearly that name, or of that name in another namespace, and info where they have others of its namespace. Wildcards, hosts outside the cluster and Services of the installation (`istiod`, `kubernetes`, those of kube-system) are not looked at.',
  ],
  *check(cluster) {
    const hosts = new MeshHosts(cluster);
    for (const object of cluster.ofKind('DestinationRule')) {
      const host = hostText(dict(object.data.spec).host);
      if (host === undefined || host.startsWith('*')) continue;
      const { state, service, meant } = hosts.lookUp(host, object);
      if (state !== 'partial' && state !== 'missing') continue;
      const path = ['spec', 'host'];
      const reason =
        state === 'partial'
          ? `a name with a dot is taken as it stands, and "${host}" is no host; the Service's is ${meant}.`
          : `the files have no Service ${service?.namespace}/${service?.name}; did you mean ${meant}?`;
      yield {
        object,
        path,
        message:
          state === 'missing' && meant === undefined
            ? `The rule applies to no call if the cluster has no Service ${service?.namespace}/${service?.name}: the files have none.`
            : `The rule applies to no call: ${reason}`,
        ...(state === 'missing' && { severity: meant === undefined ? ('info' as const) : ('warning' as const) }),
        ...(meant !== undefined && {
          fix: { title: `name ${meant}`, certain: false, changes: [set(object, path, meant)] },
        }),
      };
    }
  },
};
