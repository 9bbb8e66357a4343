import type { Cluster } from '../model/cluster.ts';
import { matches } from '../model/selectors.ts';
import type { KubeObject } from '../read/manifest.ts';
import { type Dict, dict, int, list, text, texts } from '../read/values.ts';

/** Why the API server would refuse an object, in the words of a sentence's end; or what in it leads nowhere. */
export function kubernetesFaults(cluster: Cluster): ReadonlyMap<KubeObject, readonly string[]> {
  const faults = new Map<KubeObject, string[]>();
  const add = (object: KubeObject, found: readonly string[]) => {
    if (found.length > 0) faults.set(object, [...(faults.get(object) ?? []), ...found]);
  };
  for (const { object, ports, selector } of cluster.services) {
    add(object, serviceFaults(dict(object.data.spec)));
    const pods = selector === undefined ? [] : cluster.selected(object.namespace, selector);
    for (const { targetPort } of ports) {
      if (typeof targetPort !== 'string' || pods.length === 0) continue;
      if (!pods.some((pod) => pod.ports.some(({ name }) => name === targetPort)))
        add(object, [`no container port is called "${targetPort}"`]);
    }
  }
  for (const { object, template } of cluster.workloads) {
    const selector = texts(dict(dict(object.data.spec).selector).matchLabels);
    if (!matches(selector, template.labels)) add(object, ['its selector does not match its pods']);
    add(
      object,
      repeated(
        'container',
        [...template.containers, ...template.initContainers].map(({ name }) => name),
      ),
    );
    for (const { name, data, probes } of template.containers) {
      add(
        object,
        containerFaults(data).map((fault) => `${fault} in container "${name}"`),
      );
      for (const probe of probes) {
        const lost = probe.kind !== 'exec' && probe.port === undefined;
        if (lost) add(object, [`the ${probe.field} of "${name}" calls a port that no container port is called`]);
      }
    }
  }
  return faults;
}

/** Source: ValidateService of Kubernetes (pkg/apis/core/validation). */
function serviceFaults(spec: Dict): string[] {
  const ports = list(spec.ports).map(dict);
  const names = ports.flatMap((port) => text(port.name) ?? []);
  const numbers = ports.map((port) => `${String(port.port)}/${text(port.protocol) ?? 'TCP'}`);
  return [
    ...(ports.length > 1 && names.length < ports.length ? ['a port has no name beside others'] : []),
    ...repeated('port', names),
    ...repeated('port', numbers),
    ...names.filter((name) => !isLabel(name, 63)).map((name) => `"${name}" is no name for a port`),
    ...ports.flatMap((port) => [...portFaults(port.port), ...targetFaults(port.targetPort)]),
  ];
}

function targetFaults(target: unknown): string[] {
  if (typeof target === 'string') return isPortName(target) ? [] : [`"${target}" is no name for a port`];
  return target === undefined ? [] : portFaults(target);
}

function containerFaults(container: Dict): string[] {
  const ports = list(container.ports).map(dict);
  const names = ports.flatMap((port) => text(port.name) ?? []);
  return [
    ...repeated('port', names),
    ...repeated(
      'port',
      ports.map((port) => `${String(port.containerPort)}/${text(port.protocol) ?? 'TCP'}`),
    ),
    ...names.filter((name) => !isPortName(name)).map((name) => `"${name}" is no name for a port`),
    ...ports.flatMap((port) => portFaults(port.containerPort)),
  ];
}

function portFaults(port: unknown): string[] {
  const number = int(port);
  return number !== undefined && number >= 1 && number <= 65_535 ? [] : [`${String(port)} is no port`];
}

function repeated(what: string, values: readonly string[]): string[] {
  const twice = values.filter((value, index) => values.indexOf(value) !== index);
  return [...new Set(twice)].map((value) => `${what} "${value}" stands twice`);
}

function isLabel(name: string, longest: number): boolean {
  return name.length <= longest && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name);
}

/** Source: IsValidPortName of k8s.io/apimachinery: at most 15 characters, a letter among them, no two dashes in a row. */
function isPortName(name: string): boolean {
  return isLabel(name, 15) && /[a-z]/.test(name) && !name.includes('--');
}
