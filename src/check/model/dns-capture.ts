import { dict, texts } from '../read/values.ts';
import { proxyConfigAnnotation } from './annotation-values.ts';
import type { Cluster, Workload } from './cluster.ts';
import { dnsCaptureIn } from './dns-variables.ts';
import { type Inputs, isOlder } from './inputs.ts';
import { parseProxyConfig } from './proxy-config.ts';
import { matches } from './selectors.ts';

type DnsCapture = Inputs['dnsCapture'];

/**
 * Whether the sidecar of a workload finds a ServiceEntry without addresses by an address that Istio has given it: it must
 * answer the app's DNS. Without a workload: as the mesh has it.
 * Source: Istio 1.31, nodeUsesAutoallocatedIPs; allocation is on by default since 1.25 (release notes, issue 53596).
 */
export function usesAllocatedAddresses(cluster: Cluster, workload?: Workload): boolean {
  const capture = (workload === undefined ? undefined : ownCapture(cluster, workload)) ?? cluster.inputs.dnsCapture;
  return capture === 'auto-allocate' || (capture === 'true' && !isOlder(cluster.inputs.istio, '1.25'));
}

/** The pod's own annotation, else the ProxyConfigs of its namespace and of the root namespace. */
function ownCapture(cluster: Cluster, { object, template }: Workload): DnsCapture | undefined {
  const { config } = parseProxyConfig(template.annotations[proxyConfigAnnotation], cluster.inputs.istio);
  // The mesh's own variables stay, beside those of the pod.
  const meshed: Readonly<Record<string, string>> =
    cluster.inputs.dnsCapture === 'auto-allocate' ? { ISTIO_META_DNS_AUTO_ALLOCATE: 'true' } : {};
  const read = (variables: unknown) => dnsCaptureIn({ ...meshed, ...texts(variables) });
  const own = read(config?.proxyMetadata);
  if (own !== undefined) return own;
  const configs = cluster.ofKind('ProxyConfig').filter(({ namespace, data }) => {
    const labels = texts(dict(dict(data.spec).selector).matchLabels);
    const inReach = namespace === object.namespace || namespace === cluster.inputs.rootNamespace;
    return inReach && matches(labels, template.labels);
  });
  return configs.map(({ data }) => read(dict(data.spec).environmentVariables)).find((capture) => capture !== undefined);
}
