import { type Fix, set } from '../fix/fix.ts';
import type { Cluster } from '../model/cluster.ts';
import { usesAllocatedAddresses } from '../model/dns-capture.ts';
import { isOlder } from '../model/inputs.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, list, text, texts } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

const matchedByName: readonly string[] = ['HTTP', 'HTTP2', 'HTTPS', 'TLS', 'GRPC', 'GRPC-WEB', 'HTTP_PROXY'];
const ipPattern = /^[\d.]+$|:/;

export const seNoAddress: Rule = {
  id: 'se-no-address',
  severity: 'warning',
  title: 'A TCP port of a ServiceEntry without addresses',
  why: 'TCP has no name that the sidecar could match, so the entry takes *all* traffic to that port, whatever its address: calls to other databases on 5432 end at this one.',
  fix: 'Let the sidecars answer DNS (`ISTIO_META_DNS_CAPTURE: "true"` in `proxyMetadata`): since Istio 1.25 each host then gets an address of its own. Or `addresses`, where they are known; or TLS as the protocol, where the client speaks TLS at once: that has a name (SNI).',
  docs: [
    'Silent where the sidecars that see it capture DNS, by their annotation `proxy.istio.io/config`, a ProxyConfig, the mesh configuration among the files or `--dns-capture`; where its status has addresses; and with resolution NONE, which sends traffic where the client has sent it.',
    'An address that is made up leads nowhere unless the sidecar answers for the name: the app calls the address that DNS gives it.',
  ],
  *check(cluster) {
    for (const object of cluster.ofKind('ServiceEntry')) {
      const spec = dict(object.data.spec);
      if (list(spec.addresses).length > 0 || list(dict(object.data.status).addresses).length > 0) continue;
      if ((text(spec.resolution) ?? 'NONE') === 'NONE' || isAllocated(cluster, object)) continue;
      const ports = list(spec.ports).map(dict);
      const index = ports.findIndex(({ protocol }) => !matchedByName.includes((text(protocol) ?? 'TCP').toUpperCase()));
      if (index === -1) continue;
      yield {
        object,
        path: ['spec', 'ports', index],
        message: `All traffic to port ${String(ports[index]?.number)} goes to ${text(list(spec.hosts)[0]) ?? 'it'}, whatever its address.`,
        restsOn: ['dnsCapture'],
        fix: fixOf(cluster, object),
      };
    }
  },
};

/** Whether all sidecars that see it, as far as the files hold them, know it by an address that Istio has given it. */
function isAllocated(cluster: Cluster, { namespace, data }: KubeObject): boolean {
  const labels = texts(dict(data.metadata).labels);
  if (labels['networking.istio.io/enable-autoallocate-ip']?.toLowerCase() === 'false') return false;
  const exportTo = list(dict(data.spec).exportTo);
  const isSeen = (from: string) =>
    exportTo.length === 0 || exportTo.includes('*') || exportTo.includes(from === namespace ? '.' : from);
  const clients = cluster.workloads.filter(
    ({ object, injection }) => injection.injected === true && isSeen(object.namespace),
  );
  if (clients.length === 0) return usesAllocatedAddresses(cluster);
  return clients.every((workload) => usesAllocatedAddresses(cluster, workload));
}

function fixOf({ inputs }: Cluster, object: KubeObject): Fix {
  const endpoints = list(dict(object.data.spec).endpoints).map((endpoint) => text(dict(endpoint).address) ?? '');
  if (endpoints.length > 0 && endpoints.every((address) => ipPattern.test(address))) {
    const changes = [set(object, ['spec', 'addresses'], endpoints)];
    return { title: "match its endpoints' addresses", certain: true, changes };
  }
  return {
    title: 'let the sidecars answer DNS, so that Istio gives it an address',
    certain: false,
    changes: [],
    inputs: { dnsCapture: isOlder(inputs.istio, '1.25') ? 'auto-allocate' : 'true' },
  };
}
