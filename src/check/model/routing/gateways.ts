import type { KubeObject } from '../../read/manifest.ts';
import { dict, int, list, type Path, text } from '../../read/values.ts';
import type { Cluster } from '../cluster.ts';
import { groupBy } from '../group-by.ts';
import { fullHost } from '../service-host.ts';
import { hasOwnNamespace } from './own-namespace.ts';

/** The gateway that stands for all sidecars. */
export const meshGateway = 'mesh';

/** A name in a VirtualService's `gateways`. */
export interface GatewayReference {
  readonly written: string;
  readonly path: Path;
  readonly name: string;
  readonly namespace: string;
  /** It names no namespace: the VirtualService's is meant. */
  readonly isOwn: boolean;
  /** The Gateways of the files that it can mean. */
  readonly gateways: readonly KubeObject[];
}

/** The Gateways of the files by name. */
export class GatewayIndex {
  readonly #defaultNamespace: string;
  readonly #byName: ReadonlyMap<string, readonly KubeObject[]>;

  constructor(cluster: Cluster) {
    this.#defaultNamespace = cluster.inputs.namespace;
    this.#byName = groupBy(cluster.ofKind('Gateway'), ({ name }) => name);
  }

  /** The gateways of a VirtualService, without `mesh`. */
  referencesOf(object: KubeObject): GatewayReference[] {
    const settled = (one: KubeObject) => hasOwnNamespace(one, this.#defaultNamespace);
    return list(dict(object.data.spec).gateways).flatMap((item, index): GatewayReference[] => {
      const written = text(item);
      if (written === undefined || written === '' || written === meshGateway) return [];
      const { name, namespace, isOwn } = resolved(written, object.namespace);
      const gateways = (this.#byName.get(name) ?? []).filter(
        (gateway) => gateway.namespace === namespace || !settled(gateway) || (isOwn && !settled(object)),
      );
      return [{ written, path: ['spec', 'gateways', index], name, namespace, isOwn, gateways }];
    });
  }
}

/** Whether a VirtualService is for sidecars, too. */
export function isForMesh(object: KubeObject): boolean {
  const gateways = list(dict(object.data.spec).gateways);
  return gateways.length === 0 || gateways.includes(meshGateway);
}

/** `name`, `namespace/name`, `./name`, `name.namespace...`: resolveGatewayName in pilot/pkg/model/config.go of Istio 1.31. */
function resolved(written: string, own: string) {
  const [before = '', after] = written.split('/', 2);
  if (after !== undefined) return { name: after, namespace: before === '.' ? own : before, isOwn: before === '.' };
  const [name = '', namespace] = written.split('.');
  return { name, namespace: namespace ?? own, isOwn: namespace === undefined };
}

/** Whether two hosts have a name in common: Name.Matches in pkg/config/host of Istio 1.31. */
export function hostsMeet(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  if (a.startsWith('*') && b.startsWith('*')) return a.slice(1).endsWith(b.slice(1)) || b.slice(1).endsWith(a.slice(1));
  if (a.startsWith('*')) return b.endsWith(a.slice(1));
  return b.startsWith('*') ? a.endsWith(b.slice(1)) : a === b;
}

/** The hosts that a Gateway's server takes from VirtualServices of a namespace. */
export function serverHosts(gateway: KubeObject, server: unknown, namespace: string): string[] {
  return list(dict(server).hosts).flatMap((item) => {
    const host = text(item);
    if (host === undefined) return [];
    const [before = '', after] = host.split('/', 2);
    if (after === undefined) return [host];
    // A Gateway that says no namespace goes where it is applied: that may be any.
    const isNear = gateway.namespace === namespace || text(dict(gateway.data.metadata).namespace) === undefined;
    return before === '*' || before === namespace || (before === '.' && isNear) ? [after] : [];
  });
}

/** The ports of the gateways at which a VirtualService's routes are asked: those of servers with a host of it that send nobody away. */
export function routedPorts(references: readonly GatewayReference[], object: KubeObject): number[] {
  const hosts = ownHosts(object);
  const ports = references.flatMap(({ gateways }) =>
    gateways.flatMap((gateway) =>
      list(dict(gateway.data.spec).servers)
        .map(dict)
        .filter(({ tls }) => dict(tls).httpsRedirect !== true)
        .filter((server) =>
          serverHosts(gateway, server, object.namespace).some((one) => hosts.some((host) => hostsMeet(one, host))),
        )
        .flatMap(({ port }) => int(dict(port).number) ?? []),
    ),
  );
  return [...new Set(ports)];
}

/** The hosts of a VirtualService, complete as Istio completes them. */
export function ownHosts(object: KubeObject): string[] {
  return list(dict(object.data.spec).hosts).flatMap((item) => {
    const host = text(item);
    if (host === undefined || host === '') return [];
    return [fullHost(host, object.namespace)];
  });
}
