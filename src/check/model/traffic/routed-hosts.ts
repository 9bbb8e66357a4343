import { dict, isDict, list, text } from '../../read/values.ts';
import type { Cluster } from '../cluster.ts';
import { destinationsOf } from '../routing/destinations.ts';
import { fullHost } from '../service-host.ts';

/** The hosts that VirtualServices and routes of the Gateway API send traffic to, so that clients call something else. */
export function routedHosts(cluster: Cluster): ReadonlySet<string> {
  const ofVirtualServices = cluster
    .ofKind('VirtualService')
    .flatMap((object) => destinationsOf(object).map(({ host }) => fullHost(host, object.namespace)));
  const ofRoutes = (['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'] as const)
    .flatMap((kind) => cluster.ofKind(kind))
    .flatMap(({ data }) => list(dict(data.spec).rules))
    .flatMap((rule) => list(dict(rule).backendRefs))
    .filter(isDict)
    .flatMap(({ kind, name }) => (kind === 'Hostname' ? (text(name) ?? []) : []));
  return new Set([...ofVirtualServices, ...ofRoutes]);
}
