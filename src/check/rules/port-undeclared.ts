import { set } from '../fix/fix.ts';
import type { Cluster, Service, Workload } from '../model/cluster.ts';
import { type PortSign, portSign } from '../model/port-signs.ts';
import { type ServerFirst, serverFirst } from '../model/server-first.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const portUndeclared: Rule = {
  id: 'port-undeclared',
  severity: 'error',
  title: 'A Service port without a declared protocol',
  why: 'The sidecar waits for the first bytes of the client to tell HTTP from TCP. Where the server speaks first (SMTP, SSH, MySQL, NATS...) both wait, and the connection hangs. Elsewhere it costs time, and routing, metrics and policies depend on a guess.',
  fix: '`appProtocol`, or a name that begins with the protocol: `http-...`, `grpc-...`, `tcp-...`.',
  docs: [
    'An error where the number is that of a server-first protocol and a name or an image says the same; a warning where the number alone says so and nothing speaks against it; else an info.',
    'What a port most likely speaks is told by its probe, else by its names, else by its number. It is a guess: `--fix` writes it only where number and name agree on a server-first protocol.',
  ],
  *check(cluster) {
    for (const service of cluster.services) {
      const workloads =
        service.selector === undefined ? [] : cluster.selected(service.object.namespace, service.selector);
      const meshed = isMeshed(cluster, service, workloads);
      for (const port of service.ports) {
        const { handling, reason } = port.protocol;
        const sign = portSign(port, workloads);
        const first = serverFirst(port, workloads, sign);
        if (first === undefined && (handling !== 'sniffed' || !meshed)) continue;
        const { protocol, title } = proposal(first, sign);
        yield {
          object: service.object,
          path: [...port.path, 'port'],
          message: first === undefined ? `Port ${port.port} is sniffed: ${reason}.` : hanging(port.port, first),
          severity: first === undefined ? 'info' : first.confirmed ? 'error' : 'warning',
          // A client in the mesh is enough for a hang, wherever the server is.
          restsOn: first === undefined ? memberBy(...workloads) : [],
          fix: {
            title,
            // Who has declared HTTP may know better than a name.
            certain: first?.confirmed === true && handling === 'sniffed',
            changes: [set(service.object, [...port.path, 'appProtocol'], protocol)],
          },
        };
      }
    }
  },
};

function hanging(port: number, { protocol, confirmed }: ServerFirst): string {
  return confirmed
    ? `Connections to port ${port} hang: ${protocol} servers speak first, and the sidecar waits for the client.`
    : `Connections to port ${port} hang if it is ${protocol}, as is usual there: its servers speak first, and the sidecar waits for the client.`;
}

/** tcp is right for whatever is no HTTP, and ends routing and metrics by request for what is. */
function proposal(first: ServerFirst | undefined, sign: PortSign | undefined) {
  if (first?.confirmed) return { protocol: 'tcp', title: 'declare tcp' };
  if (first !== undefined) return { protocol: 'tcp', title: 'declare tcp (a guess by its number)' };
  if (sign === undefined) return { protocol: 'tcp', title: 'declare tcp (a guess: nothing tells)' };
  return { protocol: sign.spoken, title: `declare ${sign.spoken} (a guess by its ${sign.by})` };
}

/** Whether the pods have sidecars; where they are not in the files, whether the namespace's labels or inputs give them one. */
function isMeshed(cluster: Cluster, service: Service, workloads: readonly Workload[]): boolean {
  if (workloads.length > 0) return workloads.some(({ injection }) => injection.injected === true);
  const { because } = cluster.membership(service.object.namespace);
  return service.selector !== undefined && (because === 'namespace-label' || because === 'input');
}
