import { type Cluster, type Service, type ServicePort, targetOf, type Workload } from '../cluster.ts';
import { type Accepted, acceptedBy } from './accepted.ts';
import type { Target } from './call.ts';
import { indexServices, type ServiceIndex } from './service-index.ts';

/** A port of a Service with a port of a pod that it leads to. */
export interface ServedPort extends Target {
  readonly service: Service;
  readonly port: ServicePort;
}

/** What lies behind Services, and what it takes. */
export interface ServedPorts {
  readonly services: ServiceIndex;
  /** Each TCP port of the Service with each workload. */
  readonly served: (service: Service) => readonly ServedPort[];
  readonly accepted: (workload: Workload, port: number) => Accepted;
}

export function servedPorts(cluster: Cluster): ServedPorts {
  const acceptedPorts = new Map<Workload, Map<number, Accepted>>();
  const accepted = (workload: Workload, port: number): Accepted => {
    const ports = acceptedPorts.get(workload) ?? new Map<number, Accepted>();
    acceptedPorts.set(workload, ports);
    const answer = ports.get(port) ?? acceptedBy(cluster, workload, port);
    ports.set(port, answer);
    return answer;
  };
  const known = new Map<Service, readonly ServedPort[]>();
  const served = (service: Service): readonly ServedPort[] => {
    const found = known.get(service) ?? listPorts(cluster, service, accepted);
    known.set(service, found);
    return found;
  };
  return { services: indexServices(cluster.services), served, accepted };
}

function listPorts(cluster: Cluster, service: Service, accepted: ServedPorts['accepted']): ServedPort[] {
  const { selector, object, ports } = service;
  const workloads = selector === undefined ? [] : cluster.selected(object.namespace, selector);
  return ports
    .filter(({ transport }) => transport === 'TCP')
    .flatMap((port) =>
      workloads.flatMap((workload) => {
        const number = targetOf(port, workload);
        return number === undefined ? [] : [{ service, port, workload, number, accepted: accepted(workload, number) }];
      }),
    );
}
