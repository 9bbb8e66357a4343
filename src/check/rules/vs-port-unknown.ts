import { listed } from '../../text/listed.ts';
import { type Fix, set } from '../fix/fix.ts';
import { type Destination, destinationsOf } from '../model/routing/destinations.ts';
import { GatewayIndex, isForMesh, routedPorts } from '../model/routing/gateways.ts';
import { type HostLookup, MeshHosts } from '../model/routing/mesh-hosts.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, int, list } from '../read/values.ts';
import type { Problem, Rule } from './shared/rule.ts';

export const vsPortUnknown: Rule = {
  id: 'vs-port-unknown',
  severity: 'error',
  title: 'A VirtualService that leads to a port that the Service does not have',
  why: 'The route leads to a cluster that Envoy does not have: each call gets a 503 (NC), a TCP connection is closed.',
  fix: "The Service's own `port`, not the container's.",
  docs: [
    'A route without a port takes the only one of the Service. If the Service has several, it takes the one on which the call came in: at a gateway that is the port of the Gateway (GetDestinationCluster, Istio 1.31). Where a Gateway is not in the files, 80 and 443 are assumed, and it is a warning.',
    'Services and ServiceEntries without ports, and hosts that the files do not have, are not looked at; nor is a Service that has neither a selector nor Endpoints: it may be a patch, with its other ports in the base.',
  ],
  *check(cluster) {
    const hosts = new MeshHosts(cluster);
    const gateways = new GatewayIndex(cluster);
    for (const object of cluster.ofKind('VirtualService')) {
      for (const destination of destinationsOf(object)) {
        const lookup = hosts.lookUp(destination.host, object);
        if (lookup.ports.size === 0) continue;
        const problem =
          destination.port === undefined
            ? unnamed(gateways, object, destination, lookup)
            : unknown(object, destination, destination.port, lookup);
        if (problem !== undefined) yield problem;
      }
    }
  },
};

function unknown(object: KubeObject, { host, path }: Destination, port: number, lookup: HostLookup) {
  if (lookup.ports.has(port)) return undefined;
  const at = [...path, 'port', 'number'];
  const byTarget = lookup.objects.flatMap(({ kind, data }) =>
    list(dict(data.spec).ports)
      .map(dict)
      .flatMap((one) => (kind === 'Service' && one.targetPort === port ? [int(one.port)] : [])),
  );
  const all = [...lookup.ports];
  const meant = byTarget[0] ?? (all.length === 1 ? all[0] : undefined);
  const fix: Fix | undefined =
    meant === undefined
      ? undefined
      : { title: `name port ${meant}`, certain: byTarget.length === 1, changes: [set(object, at, meant)] };
  const hint = byTarget.length > 0 ? `; ${port} is the container's` : '';
  const message = `Calls that take this route fail (503 NC): ${host} has no port ${port}, only ${listed(all)}${hint}.`;
  return { object, path: at, message, ...(fix && { fix }) };
}

function unnamed(index: GatewayIndex, object: KubeObject, { host, path }: Destination, lookup: HostLookup) {
  if (lookup.ports.size < 2 || isForMesh(object)) return undefined;
  const references = index.referencesOf(object);
  const isKnown = references.every(({ gateways }) => gateways.length > 0);
  const ports = isKnown ? routedPorts(references, object) : [80, 443];
  const missing = ports.filter((port) => !lookup.ports.has(port));
  if (missing.length === 0 || (!isKnown && missing.length < ports.length)) return undefined;
  const all = listed([...lookup.ports]);
  const problem: Problem = {
    object,
    path,
    message: `Calls at ${missing.length > 1 ? 'ports' : 'port'} ${listed(missing)} of the gateway fail (503 NC): ${host} has the ports ${all}, and the route names none.`,
    ...(!isKnown && { severity: 'warning' }),
  };
  return problem;
}
