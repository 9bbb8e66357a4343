import { findReservedPort } from '../../mesh/ports/ports.ts';
import { set } from '../fix/fix.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const reservedPort: Rule = {
  id: 'reserved-port',
  severity: 'error',
  title: 'An app on a port that the sidecar uses',
  why: 'The sidecar has the port already, or takes it from the app: one of the two cannot bind, or its traffic never arrives.',
  fix: 'Another port, in the app as well. Probes, Services and prometheus.io/port must follow.',
  docs: [],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { object, injection } = workload;
      if (injection.injected !== true) continue;
      for (const { number, protocol, path } of workload.ports) {
        const reserved = findReservedPort(number, protocol);
        if (reserved === undefined) continue;
        yield {
          object,
          path: [...path, 'containerPort'],
          message: `Port ${number} is ${reserved.purpose}: the app cannot listen there.`,
          restsOn: memberBy(workload),
          fix: {
            title: `use ${free(number)}, in the app as well`,
            certain: false,
            changes: [set(object, [...path, 'containerPort'], free(number))],
          },
        };
      }
      for (const service of cluster.servicesOf(workload)) {
        for (const port of service.ports) {
          // What a name leads to is told at the container.
          if (typeof port.targetPort === 'string') continue;
          const target = port.targetPort ?? port.port;
          const reserved = findReservedPort(target, port.transport);
          if (reserved === undefined) continue;
          yield {
            object: service.object,
            path: [...port.path, port.targetPort === undefined ? 'port' : 'targetPort'],
            message: `The Service sends to port ${target}, which is ${reserved.purpose}.`,
            restsOn: memberBy(workload),
            fix: {
              title: `use ${free(target)}, in the app as well`,
              certain: false,
              changes: [set(service.object, [...port.path, 'targetPort'], free(target))],
            },
          };
        }
      }
    }
  },
};

/** 15021 becomes 8021: out of the sidecar's range, and easy to see. */
function free(port: number): number {
  return port - 7000;
}
