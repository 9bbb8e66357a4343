import type { KubeObject } from '../../read/manifest.ts';
import { type Dict, dict, int, list, type Path, text, texts } from '../../read/values.ts';
import type { Cluster, Service, Workload } from '../cluster.ts';
import { groupBy } from '../group-by.ts';
import { selectorMatches } from '../selectors.ts';
import type { Call, Target } from './call.ts';
import type { ServedPorts } from './served-ports.ts';

/** Whether Prometheus scrapes by the annotations of the pod. */
const scrapeAnnotation = 'prometheus.io/scrape';
const portAnnotation = 'prometheus.io/port';
/** "false": Istio does not serve the app's metrics on its own port, which takes plain text. */
const mergeAnnotation = 'prometheus.istio.io/merge-metrics';

/** The calls of Prometheus without a client certificate: by ServiceMonitor, PodMonitor, and annotations of pods. */
export function* prometheusCalls(cluster: Cluster, ports: ServedPorts): Iterable<Call> {
  yield* serviceMonitorCalls(cluster, ports);
  yield* podMonitorCalls(cluster, ports);
  for (const workload of cluster.workloads) {
    const { annotations } = workload.template;
    const number = Number(annotations[portAnnotation]);
    if (annotations[scrapeAnnotation] !== 'true' || annotations[mergeAnnotation] !== 'false') continue;
    if (!Number.isInteger(number)) continue;
    const path = [...workload.template.path, 'metadata', 'annotations', portAnnotation];
    yield callOf(workload.object, path, [targetOf(ports, workload, number)]);
  }
}

function* serviceMonitorCalls(cluster: Cluster, ports: ServedPorts): Iterable<Call> {
  const monitors = cluster.ofKind('ServiceMonitor');
  if (monitors.length === 0) return;
  const byLabel = groupBy(
    cluster.services.flatMap((service) =>
      Object.entries(labelsOf(service)).map(([key, value]) => ({ service, label: `${key}\0${value}` })),
    ),
    ({ label }) => label,
  );
  for (const object of monitors) {
    const { selector, endpoints } = dict(object.data.spec);
    const [first] = Object.entries(texts(dict(selector).matchLabels));
    const candidates =
      first === undefined ? cluster.services : (byLabel.get(first.join('\0')) ?? []).map(({ service }) => service);
    const services = candidates.filter(
      (service) => isInScope(object, service.object.namespace) && selectorMatches(selector, labelsOf(service)),
    );
    for (const [index, item] of list(endpoints).entries()) {
      const endpoint = dict(item);
      if (hasCertificate(object, endpoint)) continue;
      const targets = services
        .flatMap((service) => ports.served(service))
        .filter(({ port, workload, number }) => {
          if (endpoint.port !== undefined) return port.name === endpoint.port;
          const { targetPort } = endpoint;
          return (
            targetPort === number || workload.ports.some((own) => own.name === targetPort && own.number === number)
          );
        });
      yield callOf(object, ['spec', 'endpoints', index], targets);
    }
  }
}

function* podMonitorCalls(cluster: Cluster, ports: ServedPorts): Iterable<Call> {
  const monitors = cluster.ofKind('PodMonitor');
  if (monitors.length === 0) return;
  const namespaces = new Set(cluster.workloads.map(({ object }) => object.namespace));
  for (const object of monitors) {
    const { selector, podMetricsEndpoints } = dict(object.data.spec);
    const labels = texts(dict(selector).matchLabels);
    const workloads = [...namespaces]
      .filter((namespace) => isInScope(object, namespace))
      .flatMap((namespace) => cluster.selected(namespace, labels))
      .filter(({ template }) => selectorMatches(selector, template.labels));
    for (const [index, item] of list(podMetricsEndpoints).entries()) {
      const endpoint = dict(item);
      if (hasCertificate(object, endpoint)) continue;
      const targets = workloads.flatMap((workload) => {
        const named = workload.ports.find(({ name }) => name !== undefined && name === endpoint.port)?.number;
        const number = named ?? int(endpoint.portNumber);
        return number === undefined ? [] : [targetOf(ports, workload, number)];
      });
      yield callOf(object, ['spec', 'podMetricsEndpoints', index], targets);
    }
  }
}

function callOf(object: KubeObject, path: Path, targets: readonly Target[]): Call {
  return { by: 'prometheus', object, path, targets, port: undefined, to: '', consequence: '' };
}

function targetOf(ports: ServedPorts, workload: Workload, number: number): Target {
  return { workload, number, accepted: ports.accepted(workload, number) };
}

function labelsOf({ object }: Service): Readonly<Record<string, string>> {
  return texts(dict(object.data.metadata).labels);
}

/** Its own namespace, those that it names, or any. */
function isInScope({ data, namespace: own }: KubeObject, namespace: string): boolean {
  const { any, matchNames } = dict(dict(data.spec).namespaceSelector);
  if (any === true) return true;
  return list(matchNames).length === 0 ? namespace === own : list(matchNames).includes(namespace);
}

/** Whether it names a client certificate, itself or by a class that the Prometheus object defines. */
function hasCertificate({ data }: KubeObject, endpoint: Dict): boolean {
  const { cert, certFile } = dict(endpoint.tlsConfig);
  const scrapeClass = text(dict(data.spec).scrapeClass);
  return cert !== undefined || certFile !== undefined || scrapeClass !== undefined;
}
