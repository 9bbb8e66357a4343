import { findServerFirstPort } from '../../mesh/ports/ports.ts';
import { set } from '../fix/fix.ts';
import { type Cluster, type Service, type ServicePort, targetOf, type Workload } from '../model/cluster.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

const usuallyHttp: readonly number[] = [80, 3000, 5000, 8000, 8080, 8081, 9090];

export const portUndeclared: Rule = {
  id: 'port-undeclared',
  severity: 'error',
  title: 'A Service port without a declared protocol',
  why: 'The sidecar waits for the first bytes of the client to tell HTTP from TCP. Where the server speaks first (SMTP, SSH, MySQL, NATS...) both wait, and the connection hangs. Elsewhere it costs time, and routing, metrics and policies depend on a guess.',
  fix: '`appProtocol`, or a name that begins with the protocol: `http-...`, `grpc-...`, `tcp-...`.',
  docs: [
    'An error on the usual ports of server-first protocols, even where the port is declared as HTTP; else an info.',
  ],
  *check(cluster) {
    for (const service of cluster.services) {
      const workloads =
        service.selector === undefined ? [] : cluster.selected(service.object.namespace, service.selector);
      const meshed = isMeshed(cluster, service, workloads);
      for (const port of service.ports) {
        const { handling, reason } = port.protocol;
        const target = targetNumber(cluster, service, port);
        const first = findServerFirstPort(port.port) ?? findServerFirstPort(target);
        const hangs = first !== undefined && (handling === 'sniffed' || handling === 'http');
        if (!hangs && (handling !== 'sniffed' || !meshed)) continue;
        const protocol = hangs ? 'tcp' : guess(cluster, service, target);
        yield {
          object: service.object,
          path: [...port.path, 'port'],
          message: hangs
            ? `Connections to port ${port.port} hang: ${first.protocol} servers speak first, and the sidecar waits for the client.`
            : `Port ${port.port} is sniffed: ${reason}.`,
          severity: hangs ? 'error' : 'info',
          // A client in the mesh is enough for a hang, wherever the server is.
          restsOn: hangs ? [] : memberBy(...workloads),
          fix: {
            title: `declare ${protocol}`,
            certain: hangs,
            changes: [set(service.object, [...port.path, 'appProtocol'], protocol)],
          },
        };
      }
    }
  },
};

/** Whether the pods have sidecars; where they are not in the files, whether the namespace's labels or inputs give them one. */
function isMeshed(cluster: Cluster, service: Service, workloads: readonly Workload[]): boolean {
  if (workloads.length > 0) return workloads.some(({ injection }) => injection.injected === true);
  const { because } = cluster.membership(service.object.namespace);
  return service.selector !== undefined && (because === 'namespace-label' || because === 'input');
}

function targetNumber(cluster: Cluster, service: Service, port: ServicePort): number {
  const [workload] = service.selector === undefined ? [] : cluster.selected(service.object.namespace, service.selector);
  return (workload === undefined ? undefined : targetOf(port, workload)) ?? port.port;
}

function guess(cluster: Cluster, service: Service, target: number): 'http' | 'https' | 'tcp' {
  const workloads = cluster.selected(service.object.namespace, service.selector ?? {});
  const probes = workloads.flatMap(({ template }) => template.containers.flatMap((container) => container.probes));
  const probe = probes.find(({ kind, port }) => kind === 'httpGet' && port === target);
  if (probe?.scheme === 'HTTPS' || target === 443 || target === 8443) return 'https';
  return probe !== undefined || usuallyHttp.includes(target) ? 'http' : 'tcp';
}
