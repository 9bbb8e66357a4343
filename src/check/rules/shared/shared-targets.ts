import { type Cluster, type Service, type ServicePort, targetOf } from '../../model/cluster.ts';
import { declarePort } from './declare-port.ts';
import { memberBy } from './member-by.ts';
import type { Problem } from './rule.ts';

/** Pairs of Service ports that lead to one port of a pod and are handled differently. `same`: of one Service, or of two. */
export function* clashingPorts(cluster: Cluster, same: boolean): Iterable<Problem> {
  const seen = new Set<ServicePort>();
  for (const workload of cluster.workloads) {
    if (workload.injection.injected !== true) continue;
    const first = new Map<number, { service: Service; port: ServicePort }>();
    for (const service of cluster.servicesOf(workload)) {
      for (const port of service.ports) {
        const target = targetOf(port, workload);
        if (target === undefined || port.transport !== 'TCP' || port.protocol.handling === 'sniffed') continue;
        const other = first.get(target);
        if (other === undefined) {
          first.set(target, { service, port });
          continue;
        }
        if (other.port.protocol.handling === port.protocol.handling || seen.has(port)) continue;
        if ((other.service === service) !== same) continue;
        seen.add(port);
        const declared = `${port.protocol.protocol} here and ${other.port.protocol.protocol}`;
        const where = same
          ? `by port ${other.port.port} of the same Service`
          : `by Service ${other.service.object.name}`;
        const wins = same ? 'one of the two is rejected' : 'the older Service decides for both';
        yield {
          object: service.object,
          path: port.path,
          message: `Container port ${target} is declared ${declared} ${where}: ${wins}.`,
          restsOn: memberBy(workload),
          fix: {
            ...declarePort(service, port, other.port.protocol.protocol),
            title: `declare it ${other.port.protocol.protocol} as well`,
          },
        };
      }
    }
  }
}
