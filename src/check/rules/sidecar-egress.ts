import { append, type Fix } from '../fix/fix.ts';
import { calledHosts } from '../model/routing/called-hosts.ts';
import { egressHosts, importOf, sidecarOf } from '../model/routing/egress.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, text, texts } from '../read/values.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const sidecarEgress: Rule = {
  id: 'sidecar-egress',
  severity: 'warning',
  title: 'A Sidecar without a host that its pods are set up to call',
  why: 'What a Sidecar does not import, Envoy does not know: the call passes through as plain text, without routes, retries and mTLS, and a STRICT server refuses it. With REGISTRY_ONLY it gets a 502 (BlackHoleCluster).',
  fix: 'The host in `egress.hosts`, as `NAMESPACE/NAME.NAMESPACE.svc.cluster.local` or `NAMESPACE/*`.',
  docs: [
    'Known are the Services in the files that variables (those of ConfigMaps, too) and arguments of the pods name: in URLs, as `host:port`, or in variables such as ORDERS_HOST. What an app has in its own files is not seen.',
    'A name without its whole domain (`./web`) imports nothing: Istio completes no name there.',
  ],
  *check(cluster) {
    const configMaps = new Map(
      cluster.ofKind('ConfigMap').map((one) => [`${one.namespace}/${one.name}`, texts(one.data.data)]),
    );
    const services = new Set(cluster.ofKind('Service').map(({ name, namespace }) => `${namespace}/${name}`));
    const seen = new Set<string>();
    for (const workload of cluster.workloads) {
      const sidecar = workload.injection.injected === true ? sidecarOf(cluster, workload) : undefined;
      const hosts = sidecar && egressHosts(sidecar);
      if (sidecar === undefined || hosts === undefined) continue;
      const { namespace } = workload.object;
      // In the root namespace, a dot stands for the namespace of the pod.
      const home = sidecar.namespace === cluster.inputs.rootNamespace ? namespace : sidecar.namespace;
      for (const called of calledHosts(workload, (name) => configMaps.get(`${namespace}/${name}`) ?? {})) {
        const host = `${called.name}.${called.namespace}.svc.cluster.local`;
        const key = [sidecar.namespace, sidecar.name, host].join('/');
        const state = importOf(hosts, called, home);
        if (!services.has(`${called.namespace}/${called.name}`) || state === 'yes' || seen.has(key)) continue;
        seen.add(key);
        yield {
          object: sidecar,
          path: ['spec', 'egress'],
          message: `Calls to ${host} by ${workload.object.kind} ${workload.object.name} (${called.by}) ${endOf(sidecar)}: ${state === 'no' ? 'no host of egress imports it' : 'an entry with ~ leaves it out'}.`,
          restsOn: memberBy(workload),
          ...(state === 'no' && { fix: importing(sidecar, host, called.namespace === home ? '.' : called.namespace) }),
        };
      }
    }
  },
};

function endOf({ data }: KubeObject): string {
  const isClosed = text(dict(dict(data.spec).outboundTrafficPolicy).mode) === 'REGISTRY_ONLY';
  return isClosed ? 'get a 502' : 'pass through as plain text, without routes and mTLS';
}

function importing(sidecar: KubeObject, host: string, place: string): Fix {
  const path = ['spec', 'egress', 0, 'hosts'];
  return { title: `import ${host}`, certain: false, changes: [append(sidecar, path, `${place}/${host}`)] };
}
