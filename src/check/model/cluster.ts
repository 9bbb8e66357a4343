import { type PortProtocol, portProtocol } from '../../mesh/ports/port-protocol.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, int, list, type Path, text, texts } from '../read/values.ts';
import { nearestCopies } from './copies.ts';
import { groupBy, push } from './group-by.ts';
import { type Injection, readInjection } from './injection.ts';
import { readInjectorConfig } from './injector-config.ts';
import type { Inputs } from './inputs.ts';
import { type Membership, namespaceMembership, type Surroundings } from './membership.ts';
import { meshSigns } from './mesh-signs.ts';
import { isOfKind, type OwnKind } from './own-kinds.ts';
import type { ContainerPort, PodTemplate } from './pod.ts';
import { kindsWith, type PodTemplatePath } from './pod-templates.ts';
import { type Policy, policyOf } from './policy.ts';
import { type Labels, matches } from './selectors.ts';
import { sortObjects } from './sort-objects.ts';
import type { ToldInputs } from './told-inputs.ts';
import type { PodLife } from './workload-kinds.ts';

/** A pod template of an object; a kind of several templates makes several workloads. */
export interface Workload {
  readonly object: KubeObject;
  /** How its pods end. */
  readonly life: PodLife;
  /** Its operator decides how the containers start, not the kubelet. */
  readonly operatorStarts: boolean;
  readonly template: PodTemplate;
  readonly injection: Injection;
  /** All declared ports of its containers, native sidecars of its own included. */
  readonly ports: readonly ContainerPort[];
}

export interface ServicePort {
  readonly name: string | undefined;
  readonly port: number;
  readonly targetPort: number | string | undefined;
  readonly transport: 'TCP' | 'UDP' | 'SCTP';
  readonly appProtocol: string | undefined;
  readonly protocol: PortProtocol;
  readonly path: Path;
}

export interface Service {
  readonly object: KubeObject;
  readonly selector: Labels | undefined;
  readonly headless: boolean;
  readonly publishNotReady: boolean;
  readonly ports: readonly ServicePort[];
}

/** The manifests as one cluster: what belongs to what. */
export interface Cluster {
  readonly inputs: Inputs;
  /** Of the inputs those that its objects tell. */
  readonly told: ToldInputs;
  readonly objects: readonly KubeObject[];
  readonly workloads: readonly Workload[];
  readonly services: readonly Service[];
  readonly namespace: (name: string) => KubeObject | undefined;
  /** Whether pods of a namespace that neither ask nor refuse get a sidecar. */
  readonly membership: (namespace: string) => Membership;
  /** Whether the files themselves show that a namespace is meant for sidecars, whatever its labels are. */
  readonly showsMesh: (namespace: string) => boolean;
  /** The objects of a kind, of its own API group: Knative's Services are none of Kubernetes'. */
  readonly ofKind: (kind: OwnKind) => readonly KubeObject[];
  /** The PeerAuthentications. */
  readonly policies: () => readonly Policy[];
  /** The workloads of a namespace whose pods have these labels; without labels, all of them. */
  readonly selected: (namespace: string, labels: Labels) => readonly Workload[];
  readonly servicesOf: (workload: Workload) => readonly Service[];
  /** Workloads of a known kind that say too little to be judged: patches, as a rule. */
  readonly fragments: readonly KubeObject[];
  /** Objects that hold a pod template, of a kind that nobody here knows. */
  readonly unknown: readonly KubeObject[];
}

/** What is known of the manifests, beside the inputs. */
export interface ClusterOptions {
  /** Kinds that are not in the table of workload kinds. */
  readonly podTemplates?: readonly PodTemplatePath[] | undefined;
  /** What the objects tell of the inputs. Default: nothing. */
  readonly told?: ToldInputs | undefined;
}

export function buildCluster(
  objects: readonly KubeObject[],
  inputs: Inputs,
  { podTemplates = [], told = new Map() }: ClusterOptions = {},
): Cluster {
  const byKind = groupBy(objects, ({ kind }) => kind);
  const ofKind = (kind: OwnKind) => (byKind.get(kind) ?? []).filter((object) => isOfKind(object, kind));
  const namespaces = groupBy(ofKind('Namespace'), ({ name }) => name);
  const configMaps = new Map(ofKind('ConfigMap').map((object) => [`${object.namespace}\0${object.name}`, object]));
  const dataOf = (namespace: string) => (name: string) => texts(configMaps.get(`${namespace}\0${name}`)?.data.data);
  const injector = readInjectorConfig(objects, inputs.rootNamespace);
  const around = (namespace: string, object: KubeObject | undefined): Surroundings => {
    return { namespace, object, inputs, injector };
  };
  const lastNamespace = (name: string) => namespaces.get(name)?.at(-1);
  const { templates, fragments, unknown } = sortObjects(objects, kindsWith(podTemplates), dataOf);
  const workloads = templates.map(({ object, template, life, operatorStarts }): Workload => {
    const [namespace] = nearestCopies(namespaces.get(object.namespace) ?? [], (copy) => copy, object);
    const injection = readInjection(template, around(object.namespace, namespace));
    const staying = [...template.containers, ...template.initContainers.filter(({ sidecar }) => sidecar)];
    return { object, template, life, operatorStarts, injection, ports: staying.flatMap(({ ports }) => ports) };
  });
  const signs = meshSigns(objects, workloads);
  const services = ofKind('Service').flatMap(serviceOf);

  const policies = ofKind('PeerAuthentication').map(policyOf);
  const byNamespace = groupBy(workloads, ({ object }) => object.namespace);
  const byLabel = new Map<string, Workload[]>();
  for (const workload of workloads) {
    for (const [key, value] of Object.entries(workload.template.labels)) {
      push(byLabel, labelKey(workload.object.namespace, key, value), workload);
    }
  }
  const selected = (namespace: string, labels: Labels): readonly Workload[] => {
    const lists = Object.entries(labels).map(([key, value]) => byLabel.get(labelKey(namespace, key, value)) ?? []);
    if (lists.length === 0) return byNamespace.get(namespace) ?? [];
    // All pods of a namespace may share a label: the rarest one leaves the fewest to compare.
    const candidates = lists.reduce((least, other) => (other.length < least.length ? other : least));
    return candidates.filter(({ template }) => matches(labels, template.labels));
  };
  const servicesByWorkload = new Map<Workload, Service[]>();
  for (const service of services) {
    if (service.selector === undefined) continue;
    for (const workload of selected(service.object.namespace, service.selector))
      push(servicesByWorkload, workload, service);
  }
  for (const [workload, own] of servicesByWorkload) {
    servicesByWorkload.set(workload, [...nearestCopies(own, ({ object }) => object, workload.object)]);
  }
  return {
    inputs,
    told,
    objects,
    fragments,
    unknown,
    workloads,
    services,
    namespace: lastNamespace,
    membership: (namespace) => namespaceMembership(around(namespace, lastNamespace(namespace))),
    showsMesh: (namespace) => signs.has(namespace),
    ofKind,
    policies: () => policies,
    selected,
    servicesOf: (workload) => servicesByWorkload.get(workload) ?? [],
  };
}

/** The port of a pod that a Service's port leads to. */
export function targetOf(port: ServicePort, workload: Workload): number | undefined {
  if (typeof port.targetPort !== 'string') return port.targetPort ?? port.port;
  return workload.ports.find(({ name, protocol }) => name === port.targetPort && protocol === port.transport)?.number;
}

/** Whether inbound traffic of this port passes through the sidecar. */
export function isCaptured({ template, injection }: Workload, port: number): boolean {
  if (injection.injected !== true || injection.init === undefined) return false;
  const { annotations } = template;
  const has = (name: string) =>
    (annotations[`traffic.sidecar.istio.io/${name}`] ?? '').split(',').some((text) => text.trim() === String(port));
  const include = annotations['traffic.sidecar.istio.io/includeInboundPorts'];
  if (include !== undefined && include !== '*') return has('includeInboundPorts');
  return !has('excludeInboundPorts');
}

function serviceOf(object: KubeObject): Service[] {
  const spec = dict(object.data.spec);
  if (spec.type === 'ExternalName') return [];
  const selector = texts(spec.selector);
  return [
    {
      object,
      selector: Object.keys(selector).length === 0 ? undefined : selector,
      // YAML has no word None: it is a text.
      headless: spec.clusterIP === 'None',
      publishNotReady: spec.publishNotReadyAddresses === true,
      ports: list(spec.ports).flatMap((item, index) => servicePortOf(dict(item), ['spec', 'ports', index])),
    },
  ];
}

function servicePortOf(data: Readonly<Record<string, unknown>>, path: Path): ServicePort[] {
  const port = int(data.port);
  if (port === undefined) return [];
  const name = text(data.name);
  const appProtocol = text(data.appProtocol);
  const transport = data.protocol === 'UDP' || data.protocol === 'SCTP' ? data.protocol : 'TCP';
  const targetPort = int(data.targetPort) ?? text(data.targetPort);
  const protocol = portProtocol({ name, appProtocol, port, protocol: transport });
  return [{ name, port, targetPort, transport, appProtocol, protocol, path }];
}

function labelKey(namespace: string, key: string, value: string): string {
  return `${namespace}\0${key}\0${value}`;
}
