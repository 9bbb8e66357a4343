import type { KubeObject } from '../../read/manifest.ts';
import { dict, list, text, texts } from '../../read/values.ts';
import type { Cluster, Workload } from '../cluster.ts';
import { matches } from '../selectors.ts';
import { clusterDomain, hostOf } from '../service-host.ts';
import type { ServiceName } from './service-name.ts';

/** The Sidecar that a pod gets: one with its labels, else that of its namespace, else that of the root namespace. */
export function sidecarOf(cluster: Cluster, { object, template }: Workload): KubeObject | undefined {
  const all = cluster.ofKind('Sidecar');
  const own = all.filter(({ namespace }) => namespace === object.namespace);
  const plain = (one: KubeObject) => Object.keys(labelsOf(one)).length === 0;
  return (
    own.find((one) => !plain(one) && matches(labelsOf(one), template.labels)) ??
    own.find(plain) ??
    all.find((one) => one.namespace === cluster.inputs.rootNamespace && plain(one))
  );
}

/** The hosts of all egress listeners of a Sidecar; undefined where it has none, and imports all. */
export function egressHosts({ data }: KubeObject): readonly string[] | undefined {
  const egress = list(dict(data.spec).egress);
  if (egress.length === 0) return undefined;
  return egress.flatMap((listener) => list(dict(listener).hosts).flatMap((host) => text(host) ?? []));
}

/** What egress hosts make of a Service: imported, not named, or left out by an entry with `~`. */
export type Import = 'yes' | 'no' | 'left out';

/**
 * What egress hosts make of a Service for a Sidecar's pods: `NAMESPACE/NAME`, where the name is whole or a wildcard
 * (hostClassification in pilot/pkg/model/sidecar.go of Istio 1.31).
 */
export function importOf(hosts: readonly string[], { name, namespace }: ServiceName, sidecarNamespace: string): Import {
  const host = hostOf(name, namespace);
  const takes = (entry: string) => {
    const [place = '', wanted = ''] = entry.split('/');
    const home = place === '.' ? sidecarNamespace : place;
    if (home !== '*' && home !== namespace) return false;
    return wanted.startsWith('*') ? host.endsWith(wanted.slice(1)) : wanted === host || isOtherDomain(wanted, host);
  };
  const left = hosts
    .filter((entry) => entry.startsWith('~'))
    .map((entry) => (entry[1] === '/' ? `*${entry.slice(1)}` : entry.slice(1)));
  if (left.some(takes)) return 'left out';
  return hosts.some((entry) => !entry.startsWith('~') && takes(entry)) ? 'yes' : 'no';
}

/** The cluster may have a domain of its own. */
function isOtherDomain(wanted: string, host: string): boolean {
  const place = host.slice(0, -clusterDomain.length);
  return wanted.startsWith(place) && wanted.length > place.length && !wanted.endsWith('.');
}

function labelsOf({ data }: KubeObject): Readonly<Record<string, string>> {
  return texts(dict(dict(data.spec).workloadSelector).labels);
}
