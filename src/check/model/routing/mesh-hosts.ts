import { nearestName } from '../../../text/nearest-name.ts';
import type { KubeObject } from '../../read/manifest.ts';
import { dict, int, list, text } from '../../read/values.ts';
import type { Cluster } from '../cluster.ts';
import { push } from '../group-by.ts';
import { isExportedTo } from './export-to.ts';
import { hasOwnNamespace } from './own-namespace.ts';

export interface ServiceName {
  readonly name: string;
  readonly namespace: string;
}

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
  /** The port numbers of them all. */
  readonly ports: ReadonlySet<number>;
  /** The Service that it names, if it names one of the cluster. */
  readonly service: ServiceName | undefined;
  /** The host that was most likely meant, where it is not found. */
  readonly meant: string | undefined;
}

/** API groups whose objects make no Services. An operator, or a chart, makes Services that carry its object's name at the front. */
const plainGroup = /^$|^(apps|batch|autoscaling|policy|extensions|monitoring\.coreos\.com)$|(^|\.)(k8s|istio)\.io$/;

const serviceHost = /^([^.*]+)\.([^.*]+)\.svc(\..+)$/;
const partialHost = /^([^.*]+)\.([^.*]+)(\.svc)?$/;

/** The hosts that the mesh knows by its Services and ServiceEntries, as far as the files have them. */
export class MeshHosts {
  readonly #defaultNamespace: string;
  readonly #services = new Map<string, KubeObject[]>();
  readonly #entries = new Map<string, KubeObject[]>();
  readonly #wildcards: { readonly suffix: string; readonly object: KubeObject }[] = [];
  readonly #makers: string[];

  constructor(cluster: Cluster) {
    this.#defaultNamespace = cluster.inputs.namespace;
    for (const service of cluster.ofKind('Service')) push(this.#services, service.name, service);
    for (const object of cluster.ofKind('ServiceEntry')) {
      for (const host of list(dict(object.data.spec).hosts)) {
        if (typeof host !== 'string') continue;
        if (host.startsWith('*')) this.#wildcards.push({ suffix: host.slice(1), object });
        else push(this.#entries, host, object);
      }
    }
    this.#makers = cluster.objects.filter(({ group }) => !plainGroup.test(group)).map(({ name }) => name);
  }

  /**
   * Looks up a host that an object names. A name without a dot is completed with the object's namespace; one with a dot
   * is taken as it stands: ResolveShortnameToFQDN in pilot/pkg/model/config.go of Istio 1.31.
   */
  lookUp(host: string, by: KubeObject): HostLookup {
    const [, name, namespace] = serviceHost.exec(host) ?? (host.includes('.') ? [] : [host, host, by.namespace]);
    const service = name === undefined || namespace === undefined ? undefined : { name, namespace };
    const entries = this.#entriesOf(host, service, by);
    if (service === undefined) {
      if (entries.length > 0) return found(entries, undefined);
      return this.#partial(host, by) ?? { ...nothing, state: 'unknown' };
    }
    const isLoose = !host.includes('.') && !this.#isSettled(by);
    const own = (this.#services.get(service.name) ?? []).filter(
      (object) => isLoose || object.namespace === service.namespace || !this.#isSettled(object),
    );
    if (own.length + entries.length > 0) return found([...own, ...entries], service);
    const meant = this.#nearest(service, by, !host.includes('.'));
    const isKnown = meant !== undefined || this.#namesIn(service.namespace).length > 0;
    const state = host !== '*' && isKnown && !this.#mayBeMade(service.name) ? 'missing' : 'unknown';
    return { ...nothing, state, service, meant };
  }

  /** The Services of a namespace that the files have. */
  #namesIn(namespace: string): string[] {
    return [...this.#services].flatMap(([name, all]) =>
      all.some((object) => object.namespace === namespace) ? [name] : [],
    );
  }

  #entriesOf(host: string, service: HostLookup['service'], by: KubeObject): readonly KubeObject[] {
    const names = [host, ...(service ? [`${service.name}.${service.namespace}.svc.cluster.local`] : [])];
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
    const home = isShort ? homes[0] : nearestName(service.namespace, homes);
    if (home !== undefined) return hostFor({ name: service.name, namespace: home }, by);
    const name = nearestName(service.name, this.#namesIn(service.namespace));
    return name === undefined ? undefined : hostFor({ name, namespace: service.namespace }, by);
  }

  #mayBeMade(name: string): boolean {
    return this.#makers.some((maker) => name === maker || name.startsWith(`${maker}-`));
  }

  #isSettled(object: KubeObject): boolean {
    return hasOwnNamespace(object, this.#defaultNamespace);
  }
}

const nothing = { objects: [], ports: new Set<number>(), service: undefined, meant: undefined } as const;

function hostFor({ name, namespace }: ServiceName, by: KubeObject): string {
  return namespace === by.namespace ? name : `${name}.${namespace}.svc.cluster.local`;
}

function found(objects: readonly KubeObject[], service: HostLookup['service']): HostLookup {
  const ports = objects.flatMap(({ kind, data }) =>
    list(dict(data.spec).ports).map((port) => int(dict(port)[kind === 'Service' ? 'port' : 'number'])),
  );
  return {
    state: 'found',
    objects,
    ports: new Set(ports.filter((port) => port !== undefined)),
    service,
    meant: undefined,
  };
}

/** The text of a host, where it is one. */
export function hostText(value: unknown): string | undefined {
  const host = text(value)?.trim();
  return host === '' ? undefined : host;
}
