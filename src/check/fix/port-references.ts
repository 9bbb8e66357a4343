import type { Cluster, Workload } from '../model/cluster.ts';
import { selectorMatches } from '../model/selectors.ts';
import type { KubeObject } from '../read/manifest.ts';
import { type Dict, dict, isDict, list, type Path, texts, valueAt } from '../read/values.ts';
import { type Change, set } from './fix.ts';

/** What must change beside the name of a Service's port, so that all that names it still finds it. */
export function followServicePort(cluster: Cluster, service: KubeObject, from: string, to: string): Change[] {
  return cluster.objects.flatMap((object) => {
    if (object.group === 'monitoring.coreos.com' && object.kind === 'ServiceMonitor')
      return monitors(object, service) ? endpoints(object, from, to) : [];
    if (object.namespace !== service.namespace || object === service) return [];
    return backends(object.data, [], service.name, from).map((path) => set(object, path, to));
  });
}

/**
 * The places below a value that name a port of a Service: `port: {name}` of an Ingress, `servicePort` of an old one,
 * `port` of other controllers' routes, `sectionName` of the Gateway API's policies.
 */
function backends(value: unknown, path: Path, service: string, port: string): Path[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => backends(item, [...path, index], service, port));
  if (!isDict(value)) return [];
  const own: Path[] = [];
  if (value.name === service && value.port === port) own.push(['port']);
  if (value.name === service && dict(value.port).name === port) own.push(['port', 'name']);
  if (value.serviceName === service && value.servicePort === port) own.push(['servicePort']);
  if (value.kind === 'Service' && value.name === service && value.sectionName === port) own.push(['sectionName']);
  const below = Object.entries(value).flatMap(([key, item]) => backends(item, [...path, key], service, port));
  return [...own.map((way) => [...path, ...way]), ...below];
}

function monitors({ data, namespace }: KubeObject, service: KubeObject): boolean {
  const { selector, namespaceSelector } = dict(data.spec);
  const { any, matchNames } = dict(namespaceSelector);
  const inScope =
    any === true || (list(matchNames).length > 0 ? list(matchNames) : [namespace]).includes(service.namespace);
  return inScope && selectorMatches(selector, texts(dict(service.data.metadata).labels));
}

function endpoints(object: KubeObject, from: string, to: string): Change[] {
  return list(dict(object.data.spec).endpoints).flatMap((endpoint, index) =>
    dict(endpoint).port === from ? [set(object, ['spec', 'endpoints', index, 'port'], to)] : [],
  );
}

/** What must change beside the number of a container port: probes and hooks, the Services that lead to it, its scraping. */
export function followContainerPort(cluster: Cluster, workload: Workload, from: number, to: number): Change[] {
  const { object, template } = workload;
  const inPod = template.containers.flatMap(({ data, path }) =>
    ['startupProbe', 'livenessProbe', 'readinessProbe', 'lifecycle'].flatMap((field) =>
      portsBelow(data[field], [...path, field], from).map((place) => set(object, place, to)),
    ),
  );
  const services = cluster
    .servicesOf(workload)
    .flatMap((service) =>
      service.ports.flatMap(({ port, targetPort, transport, path }) =>
        transport === 'TCP' && (targetPort ?? port) === from ? [set(service.object, [...path, 'targetPort'], to)] : [],
      ),
    );
  const scraped = [...template.path, 'metadata', 'annotations', 'prometheus.io/port'];
  const annotation = valueAt(object.data, scraped) === String(from) ? [set(object, scraped, String(to))] : [];
  return [...inPod, ...services, ...annotation];
}

function portsBelow(value: unknown, path: Path, number: number): Path[] {
  if (!isDict(value)) return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) =>
    key === 'port' && item === number ? [[...path, key]] : portsBelow(item as Dict, [...path, key], number),
  );
}
