import { type Cluster, isCaptured, targetOf, type Workload } from '../cluster.ts';

/**
 * How the sidecar of a server takes a container port: as Services declare it; undefined where none does, they disagree, or
 * the bytes decide. Source: Istio 1.31, ModelProtocolToListenerProtocol: TLS and the databases are TCP.
 */
export function chainOf(cluster: Cluster, workload: Workload, number: number): 'http' | 'tcp' | undefined {
  const handlings = new Set(
    cluster
      .servicesOf(workload)
      .flatMap(({ ports }) => ports)
      .filter((port) => port.transport === 'TCP' && targetOf(port, workload) === number)
      .map(({ protocol }) => (protocol.handling === 'tls' ? 'tcp' : protocol.handling)),
  );
  const [first] = handlings;
  return handlings.size === 1 && (first === 'http' || first === 'tcp') ? first : undefined;
}

/** The container ports that all Services declare as TCP, and that pass through the sidecar. */
export function tcpPorts(cluster: Cluster, workload: Workload): readonly number[] {
  const numbers = cluster
    .servicesOf(workload)
    .flatMap(({ ports }) => ports.flatMap((port) => targetOf(port, workload) ?? []));
  return [...new Set(numbers)].filter(
    (number) => isCaptured(workload, number) && chainOf(cluster, workload, number) === 'tcp',
  );
}
