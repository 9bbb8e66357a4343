import type { KubeObject } from '../../read/manifest.ts';
import { dict, int, list, text } from '../../read/values.ts';
import type { Cluster } from '../cluster.ts';
import { push } from '../group-by.ts';
import { nearestResource } from '../nearest-resource.ts';
import { hostOf } from '../service-host.ts';
import { isExportedTo } from './export-to.ts';
import { hasOwnNamespace } from './own-namespace.ts';
import { ServiceMakers } from './service-makers.ts';
import type { ServiceName } from './service-name.ts';

/** What is behind a host. */
export interface HostLookup {
  /**
   * `partial`: `web.shop`, which Istio does not complete, where the files have that Service. `missing`: a Service of the
   * cluster that the files do not have, though they have others of its namespace, or one that is meant. `unknown`: what is
   * in the files does not tell.
   */
  readonly state: 'found' | 'partial' | 'missing' | 'unknown';
  /** The Services and ServiceEntries that have it. */
  readonly objects: readonly KubeObject[];
  /** The port numbers of them all; empty where one of them may be a patch. */
  readonly ports: ReadonlySet<number>;
  /** The Service that it names, if it names one of the cluster. */
  readonly service: ServiceName | undefined;
  /** The host that was most likely meant, where it is not found. */
  readonly meant: string | undefined;
}

const serviceHost = /^([^.*]+)\.([^.*]+)\.svc(\..+)$/;
/** The domain of Services that other clusters export: the multi-cluster services API of Kubernetes. */
const clusterSet = '.clusterset.local';
const partialHost = /^([^.*]+)\.([^.*]+)(\.svc)?$/;

/** The hosts that the mesh knows by its Services and ServiceEntries, as far as the files have them. */
export class MeshHosts {
  readonly #defaultNamespace: string;
  readonly #services = new Map<string, KubeObject[]>();
  readonly #names = new Map<string, string[]>();
  readonly #entries = new Map<string, KubeObject[]>();
  readonly #wildcards: { readonly suffix: string; readonly object: KubeObject }[] = [];
  readonly #makers: ServiceMakers;
  /** Services whose pods an object names, not a selector. */
  readonly #listed: ReadonlySet<string>;

  constructor(cluster: Cluster) {
    this.#defaultNamespace = cluster.inputs.namespace;
    for (const service of cluster.ofKind('Service')) {
      push(this.#services, service.name, service);
      push(this.#names, service.namespace, service.name);
    }
    for (const object of cluster.ofKind('ServiceEntry')) {
      for (const host of list(dict(object.data.spec).hosts)) {
        if (typeof host !== 'string') continue;
        if (host.startsWith('*')) this.#wildcards.push({ suffix: host.slice(1), object });
        else push(this.#entries, host, object);
      }
    }
    this.#makers = new ServiceMakers(cluster);
    this.#listed = listedServices(cluster.objects);
  }

  /**
   * Looks up a host that an object names. A name without a dot is completed with the object's namespace; one with a dot
   * is taken as it stands: ResolveShortnameToFQDN in pilot/pkg/model/config.go of Istio 1.31.
   */
  lookUp(host: string, by: KubeObject): HostLookup {
    const [, name, namespace, domain] =
      serviceHost.exec(host) ?? (host.includes('.') ? [] : [host, host, by.namespace]);
    const service = name === undefined || namespace === undefined ? undefined : { name, namespace };
    const entries = this.#entriesOf(host, service, by);
    if (service === undefined) {
      if (entries.length > 0) return this.#found(entries, undefined);
      return this.#partial(host, by) ?? { ...nothing, state: 'unknown' };
    }
    const isLoose = !host.includes('.') && !this.#isSettled(by);
    const own = (this.#services.get(service.name) ?? []).filter(
      (object) => isLoose || object.namespace === service.namespace || !this.#isSettled(object),
    );
    if (own.length + entries.length > 0) return this.#found([...own, ...entries], service);
    const meant = this.#nearest(service, by, !host.includes('.'));
    const isKnown = meant !== undefined || this.#namesIn(service.namespace).length > 0;
    const isElsewhere = domain === clusterSet || this.#makers.mayMake(service);
    const state = host !== '*' && isKnown && !isElsewhere ? 'missing' : 'unknown';
    return { ...nothing, state, service, meant };
  }

  /** The names of a namespace's Services in the files. */
  #namesIn(namespace: string): readonly string[] {
    return this.#names.get(namespace) ?? [];
  }

  #entriesOf(host: string, service: HostLookup['service'], by: KubeObject): readonly KubeObject[] {
    const names = [host, ...(service ? [hostOf(service.name, service.namespace)] : [])];
    const exact = [...new Set(names)].flatMap((name) => this.#entries.get(name) ?? []);
    const wild = this.#wildcards.filter(({ suffix }) => names.some((name) => name.endsWith(suffix)));
    const all = [...exact, ...wild.map(({ object }) => object)];
    const isSettled = this.#isSettled(by);
    return all.filter((entry) => !isSettled || !this.#isSettled(entry) || isExportedTo(entry, by.namespace));
  }

  #partial(host: string, by: KubeObject): HostLookup | undefined {
    const [, name, namespace] = partialHost.exec(host) ?? [];
    if (name === undefined || namespace === undefined) return undefined;
    const objects = (this.#services.get(name) ?? []).filter((object) => object.namespace === namespace);
    if (objects.length === 0) return undefined;
    const meant = hostFor({ name, namespace }, by);
    return { ...nothing, state: 'partial', service: { name, namespace }, meant };
  }

  #nearest(service: ServiceName, by: KubeObject, isShort: boolean): string | undefined {
    const homes = (this.#services.get(service.name) ?? []).map(({ namespace }) => namespace);
    // Whoever names a namespace means it, save for a slip.
    const home = isShort ? homes[0] : nearestResource(service.namespace, homes);
    if (home !== undefined) return hostFor({ name: service.name, namespace: home }, by);
    const name = nearestResource(service.name, this.#namesIn(service.namespace));
    return name === undefined ? undefined : hostFor({ name, namespace: service.namespace }, by);
  }

  #found(objects: readonly KubeObject[], service: HostLookup['service']): HostLookup {
    const isWhole = objects.every((object) => object.kind !== 'Service' || this.#isWhole(object));
    return { state: 'found', objects, ports: isWhole ? portsOf(objects) : new Set(), service, meant: undefined };
  }

  /** A Service without a selector, and without a list of its pods, may be a patch: its other ports are in the base. */
  #isWhole({ data, name, namespace }: KubeObject): boolean {
    const { selector, type } = dict(data.spec);
    return selector !== undefined || type === 'ExternalName' || this.#listed.has(`${namespace}/${name}`);
  }

  #isSettled(object: KubeObject): boolean {
    return hasOwnNamespace(object, this.#defaultNamespace);
  }
}

const nothing = { objects: [], ports: new Set<number>(), service: undefined, meant: undefined } as const;

function hostFor({ name, namespace }: ServiceName, by: KubeObject): string {
  return namespace === by.namespace ? name : hostOf(name, namespace);
}

function portsOf(objects: readonly KubeObject[]): ReadonlySet<number> {
  const ports = objects.flatMap(({ kind, data }) =>
    list(dict(data.spec).ports).map((port) => int(dict(port)[kind === 'Service' ? 'port' : 'number'])),
  );
  return new Set(ports.filter((port) => port !== undefined));
}

function listedServices(objects: readonly KubeObject[]): ReadonlySet<string> {
  return new Set(
    objects.flatMap(({ kind, name, namespace, data }) => {
      if (kind === 'Endpoints') return [`${namespace}/${name}`];
      const of = text(dict(dict(data.metadata).labels)['kubernetes.io/service-name']);
      return kind === 'EndpointSlice' && of !== undefined ? [`${namespace}/${of}`] : [];
    }),
  );
}

/** The text of a host, where it is one. */
export function hostText(value: unknown): string | undefined {
  const host = text(value)?.trim();
  return host === '' ? undefined : host;
}
