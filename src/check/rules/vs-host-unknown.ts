import { type Fix, set } from '../fix/fix.ts';
import { destinationsOf } from '../model/routing/destinations.ts';
import { isForMesh } from '../model/routing/gateways.ts';
import { type HostLookup, hostText, MeshHosts } from '../model/routing/mesh-hosts.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, list, type Path } from '../read/values.ts';
import type { Problem, Rule } from './shared/rule.ts';

export const vsHostUnknown: Rule = {
  id: 'vs-host-unknown',
  severity: 'error',
  title: 'A VirtualService that leads to a host that the mesh does not know',
  why: 'The route leads to a cluster that Envoy does not have: each call gets a 503 (NC), a TCP connection is closed.',
  fix: 'The name of a Service in the same namespace, or `NAME.NAMESPACE.svc.cluster.local`; for a host outside, a ServiceEntry.',
  docs: [
    "Istio completes names without a dot only, with the VirtualService's namespace: `web.shop` is none of a Service (ResolveShortnameToFQDN, Istio 1.31). Where the files have that Service, it is an error.",
    'A Service that is not in the files may be in the cluster. It is a warning where the files have one of nearly that name, or of that name in another namespace, and info where they have others of its namespace. Hosts outside the cluster, Services of the installation (`istio-egressgateway`, `kubernetes`, those of kube-system), and Services that an object of another kind may make (a name of it at their front: charts, operators) are not looked at.',
  ],
  *check(cluster) {
    const hosts = new MeshHosts(cluster);
    for (const object of cluster.ofKind('VirtualService')) {
      for (const { host, path } of destinationsOf(object)) {
        const problem = problemOf(object, [...path, 'host'], host, hosts.lookUp(host, object));
        if (problem !== undefined) yield problem;
      }
      if (!isForMesh(object)) continue;
      for (const [index, item] of list(dict(object.data.spec).hosts).entries()) {
        const host = hostText(item) ?? '';
        const { state, meant = '' } = hosts.lookUp(host, object);
        if (state !== 'partial') continue;
        const path = ['spec', 'hosts', index];
        yield {
          object,
          path,
          message: `The routes are for calls to the very name "${host}": those to the Service's other names pass them by.`,
          severity: 'warning',
          fix: naming(object, path, meant),
        };
      }
    }
  },
};

function problemOf(object: KubeObject, path: Path, host: string, lookup: HostLookup): Problem | undefined {
  const { state, service, meant } = lookup;
  const fails = 'Calls that take this route fail (503 NC):';
  if (state === 'partial' && meant !== undefined) {
    const message = `${fails} a name with a dot is taken as it stands, and "${host}" is no host; the Service's is ${meant}.`;
    return { object, path, message, fix: naming(object, path, meant) };
  }
  if (state !== 'missing') return undefined;
  const name = `${service?.namespace}/${service?.name}`;
  if (meant === undefined) {
    const message = `Calls that take this route fail (503 NC) if the cluster has no Service ${name}: the files have none.`;
    return { object, path, message, severity: 'info' };
  }
  const message = `${fails} the files have no Service ${name}; did you mean ${meant}?`;
  return { object, path, message, severity: 'warning', fix: naming(object, path, meant) };
}

/** Never certain: the cluster may have another domain, the near name may be another Service. */
function naming(object: KubeObject, path: Path, host: string): Fix {
  return { title: `name ${host}`, certain: false, changes: [set(object, path, host)] };
}
