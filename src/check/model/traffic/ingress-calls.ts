import { type Dict, dict, int, isDict, list, type Path, text } from '../../read/values.ts';
import type { Cluster, ServicePort } from '../cluster.ts';
import type { Call } from './call.ts';
import { ingressController } from './ingress-controller.ts';
import type { ServedPorts } from './served-ports.ts';

/** The calls of ingress controllers that have no sidecar, or may have none, one for each port that an Ingress names, however many its paths are. */
export function* ingressCalls(cluster: Cluster, ports: ServedPorts): Iterable<Call> {
  for (const object of cluster.ofKind('Ingress')) {
    const { place, name, restsOn } = ingressController(cluster, object);
    if (place === 'istio' || place === 'mesh') continue;
    const called = new Set<ServicePort>();
    for (const [path, backend] of backendsOf(dict(object.data.spec))) {
      const service = ports.services.named(object.namespace, backend.name, object);
      const targets =
        service === undefined ? [] : ports.served(service).filter(({ port }) => isNamed(port, backend.port));
      const [port] = targets.map((target) => target.port);
      if (port === undefined || called.has(port)) continue;
      called.add(port);
      yield {
        by: 'ingress',
        object,
        path,
        targets,
        port,
        to: name,
        consequence: '',
        restsOn,
        ...(place === 'unknown' && { unsure: true as const }),
      };
    }
  }
}

interface Backend {
  readonly name: string;
  readonly port: unknown;
}

/** Of networking.k8s.io/v1, and of the versions before it. */
function* backendsOf(spec: Dict): Iterable<readonly [Path, Backend]> {
  for (const field of ['defaultBackend', 'backend'] as const) {
    const backend = backendOf(spec[field]);
    if (backend !== undefined) yield [['spec', field], backend];
  }
  for (const [rule, item] of list(spec.rules).entries()) {
    for (const [index, one] of list(dict(dict(item).http).paths).entries()) {
      const backend = backendOf(dict(one).backend);
      if (backend !== undefined) yield [['spec', 'rules', rule, 'http', 'paths', index, 'backend'], backend];
    }
  }
}

function backendOf(value: unknown): Backend | undefined {
  const { service, serviceName, servicePort } = dict(value);
  const name = isDict(service) ? text(service.name) : text(serviceName);
  if (name === undefined) return undefined;
  const { number, name: portName } = dict(isDict(service) ? service.port : undefined);
  return { name, port: isDict(service) ? (number ?? portName) : servicePort };
}

function isNamed(port: ServicePort, named: unknown): boolean {
  return typeof named === 'string' && int(Number(named)) === undefined
    ? port.name === named
    : port.port === Number(named);
}
