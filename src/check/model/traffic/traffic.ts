import { type Cluster, type Service, type ServicePort, targetOf, type Workload } from '../cluster.ts';
import { type Accepted, acceptedBy } from './accepted.ts';
import { type DestinationRules, indexDestinationRules } from './destination-rules.ts';
import { indexServices, type ServiceIndex } from './service-index.ts';

/** A port of a Service with a port of a pod that it leads to. */
export interface ServedPort {
  readonly service: Service;
  readonly port: ServicePort;
  readonly workload: Workload;
  /** The container's port. */
  readonly number: number;
  readonly accepted: Accepted;
}

/** The one model of who may call what how: rules ask it and look at no policy themselves. */
export interface Traffic {
  readonly services: ServiceIndex;
  readonly rules: DestinationRules;
  /** What lies behind a Service: each of its TCP ports with each workload. */
  readonly served: (service: Service) => readonly ServedPort[];
  readonly accepted: (workload: Workload, port: number) => Accepted;
}

const models = new WeakMap<Cluster, Traffic>();

/** The model of a cluster, made once. */
export function trafficOf(cluster: Cluster): Traffic {
  const known = models.get(cluster);
  if (known !== undefined) return known;
  const made = buildTraffic(cluster);
  models.set(cluster, made);
  return made;
}

function buildTraffic(cluster: Cluster): Traffic {
  const servedBy = new Map<Service, readonly ServedPort[]>();
  const acceptedPorts = new Map<Workload, Map<number, Accepted>>();
  const accepted = (workload: Workload, port: number): Accepted => {
    const ports = acceptedPorts.get(workload) ?? new Map<number, Accepted>();
    acceptedPorts.set(workload, ports);
    const answer = ports.get(port) ?? acceptedBy(cluster, workload, port);
    ports.set(port, answer);
    return answer;
  };
  const served = (service: Service): readonly ServedPort[] => {
    const known = servedBy.get(service);
    if (known !== undefined) return known;
    const { selector, object, ports } = service;
    const workloads = selector === undefined ? [] : cluster.selected(object.namespace, selector);
    const made = ports
      .filter(({ transport }) => transport === 'TCP')
      .flatMap((port) =>
        workloads.flatMap((workload): ServedPort[] => {
          const number = targetOf(port, workload);
          return number === undefined
            ? []
            : [{ service, port, workload, number, accepted: accepted(workload, number) }];
        }),
      );
    servedBy.set(service, made);
    return made;
  };
  return {
    services: indexServices(cluster.services),
    rules: indexDestinationRules(cluster.ofKind('DestinationRule'), cluster.inputs.rootNamespace),
    served,
    accepted,
  };
}
