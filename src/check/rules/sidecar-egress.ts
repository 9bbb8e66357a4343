import { append, type Fix } from '../fix/fix.ts';
import type { Cluster, Workload } from '../model/cluster.ts';
import { calledHosts } from '../model/routing/called-hosts.ts';
import { egressHosts, importOf, sidecarOf } from '../model/routing/egress.ts';
import { hostOf } from '../model/service-host.ts';
import { trafficOf } from '../model/traffic/traffic.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, list, text, texts } from '../read/values.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

/** Outbound ports that do not pass the sidecar. */
const excludeAnnotation = 'traffic.sidecar.istio.io/excludeOutboundPorts';

export const sidecarEgress: Rule = {
  id: 'sidecar-egress',
  severity: 'warning',
  title: 'A Sidecar without a host that its pods are set up to call',
  why: 'What a Sidecar does not import, Envoy does not know: the call passes through as plain text, without routes, retries and mTLS, and a STRICT server refuses it. With REGISTRY_ONLY it gets a 502 (BlackHoleCluster).',
  fix: 'The host in `egress.hosts`, as `NAMESPACE/NAME.NAMESPACE.svc.cluster.local` or `NAMESPACE/*`.',
  docs: [
    'Known are the Services in the files that variables (those of ConfigMaps, too) and arguments of the pods name: in URLs, as `host:port`, or in variables such as ORDERS_HOST. What an app has in its own files is not seen.',
    "Silent where plain text is right: the Service's pods have no sidecar, or it is an ExternalName (with REGISTRY_ONLY it is said all the same); where the pods' annotations exclude its ports; and of the pod's own Service, unless that is headless.",
    'A name without its whole domain (`./web`) imports nothing: Istio completes no name there.',
  ],
  *check(cluster) {
    const configMaps = new Map(
      cluster.ofKind('ConfigMap').map((one) => [`${one.namespace}/${one.name}`, texts(one.data.data)]),
    );
    const services = new Map(cluster.ofKind('Service').map((one) => [`${one.namespace}/${one.name}`, one]));
    const seen = new Set<string>();
    for (const workload of cluster.workloads) {
      const sidecar = workload.injection.injected === true ? sidecarOf(cluster, workload) : undefined;
      const hosts = sidecar && egressHosts(sidecar);
      if (sidecar === undefined || hosts === undefined) continue;
      // A dot stands for the namespace of the pod, in the Sidecar of the root namespace, too.
      const home = workload.object.namespace;
      for (const called of calledHosts(workload, (name) => configMaps.get(`${home}/${name}`) ?? {})) {
        const host = hostOf(called.name, called.namespace);
        const key = [sidecar.namespace, sidecar.name, host].join('/');
        const state = importOf(hosts, called, home);
        const service = services.get(`${called.namespace}/${called.name}`);
        if (service === undefined || state === 'yes' || seen.has(key)) continue;
        if (!passesTheSidecar(cluster, workload, service) || (!isClosed(sidecar) && isPlain(cluster, service)))
          continue;
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

/** Whether what is not imported is refused, not passed through. */
function isClosed({ data }: KubeObject): boolean {
  return text(dict(dict(data.spec).outboundTrafficPolicy).mode) === 'REGISTRY_ONLY';
}

/** A pod that is told its own Service's name tells it to others; ports may be excluded. */
function passesTheSidecar(cluster: Cluster, workload: Workload, { name, namespace, data }: KubeObject): boolean {
  const own = cluster.servicesOf(workload).find(({ object }) => object.name === name && object.namespace === namespace);
  if (own !== undefined && !own.headless) return false;
  const excluded = (workload.template.annotations[excludeAnnotation] ?? '').split(',').map((port) => port.trim());
  const ports = list(dict(data.spec).ports).map((port) => String(dict(port).port));
  return ports.length === 0 || !ports.every((port) => excluded.includes(port));
}

/** Whether plain text is all that it takes: a name of a host outside, or of pods without sidecars. */
function isPlain(cluster: Cluster, object: KubeObject): boolean {
  if (dict(object.data.spec).type === 'ExternalName') return true;
  const traffic = trafficOf(cluster);
  const service = traffic.services.named(object.namespace, object.name, object);
  const served = service === undefined ? [] : traffic.served(service);
  return served.length > 0 && served.every(({ accepted }) => accepted.takes === 'plain' && accepted.mtls === undefined);
}

function endOf(sidecar: KubeObject): string {
  return isClosed(sidecar) ? 'get a 502' : 'pass through as plain text, without routes and mTLS';
}

function importing(sidecar: KubeObject, host: string, place: string): Fix {
  const path = ['spec', 'egress', 0, 'hosts'];
  return { title: `import ${host}`, certain: false, changes: [append(sidecar, path, `${place}/${host}`)] };
}
