import { type Note, set } from '../../fix/fix.ts';
import { guardDatagrams } from '../../fix/recipes.ts';
import { type Cluster, targetOf, type Workload } from '../../model/cluster.ts';
import { selectorMatches } from '../../model/selectors.ts';
import type { KubeObject } from '../../read/manifest.ts';
import { dict, list, type Path } from '../../read/values.ts';
import { memberBy } from './member-by.ts';
import type { Problem } from './rule.ts';

/** Ports of a transport that the mesh does not see, on workloads that no NetworkPolicy guards. */
export function* unguarded(cluster: Cluster, protocol: 'UDP' | 'SCTP'): Iterable<Problem> {
  for (const workload of cluster.workloads) {
    if (workload.injection.injected !== true) continue;
    const places = placesOf(cluster, workload, protocol);
    const [first] = places;
    if (first === undefined) continue;
    const guards = guardsOf(cluster, workload);
    const open = guards.flatMap(openRules);
    if (guards.length > 0 && open.length === 0) continue;
    const { object, template } = workload;
    const ports = [...new Set(places.map(({ port }) => port))];
    const of = first.object === object ? '' : ` of ${object.kind} ${object.name}`;
    const target = {
      name: `${object.name}-${protocol.toLowerCase()}`,
      namespace: object.namespace,
      labels: template.labels,
    };
    yield {
      object: first.object,
      path: first.path,
      message: `${protocol} port ${ports.join(', ')}${of} is outside the mesh: no mTLS, no AuthorizationPolicy, and ${open[0] === undefined ? 'no NetworkPolicy guards it' : `NetworkPolicy ${open[0].policy.name} lets all in`}.`,
      restsOn: memberBy(workload),
      fix: {
        title: open.length === 0 ? 'guard it with a NetworkPolicy' : 'guard it, and let all in by TCP only',
        certain: false,
        changes: open.map(({ policy, index }) => set(policy, ['spec', 'ingress', index, 'ports'], allOfTcp)),
        creates: [guardDatagrams(target, protocol, ports)],
        notes: notesOf(cluster, workload, protocol),
      },
    };
  }
}

/** A policy that is generated knows neither the clients nor the other policies. */
function notesOf(cluster: Cluster, workload: Workload, protocol: string): Note[] {
  const open = cluster
    .servicesOf(workload)
    .filter(({ ports }) => ports.some(({ transport }) => transport === protocol))
    .find(({ object }) => ['LoadBalancer', 'NodePort'].includes(String(dict(object.data.spec).type)));
  const who =
    open === undefined
      ? 'Clients of other namespaces, or outside the cluster, must be added under `from`.'
      : `Service ${open.object.name} is a ${String(dict(open.object.data.spec).type)}: its clients outside the cluster must be added under \`from\`, as an ipBlock.`;
  const tcp = 'Policies add up: where another one lets less TCP in, leave the first rule out, which lets in all of it.';
  return [{ text: `It lets ${protocol} in from the own namespace only. ${who}` }, { text: tcp }];
}

interface Place {
  readonly object: KubeObject;
  readonly path: Path;
  readonly port: number;
}

function placesOf(cluster: Cluster, workload: Workload, protocol: string): Place[] {
  const declared = workload.ports.filter((port) => port.protocol === protocol);
  const served = cluster
    .servicesOf(workload)
    .flatMap(({ object, ports }) =>
      ports
        .filter(({ transport }) => transport === protocol)
        .map((port) => ({ object, path: [...port.path, 'protocol'], port: targetOf(port, workload) ?? port.port })),
    );
  return [
    ...declared.map(({ number, path }) => ({ object: workload.object, path: [...path, 'protocol'], port: number })),
    ...served,
  ];
}

/** The policies that decide who reaches the pods; what one of them lets in is in. */
function guardsOf(cluster: Cluster, { object, template }: Workload): readonly KubeObject[] {
  return cluster.ofKind('NetworkPolicy').filter((policy) => {
    const { podSelector, policyTypes } = dict(policy.data.spec);
    const ingress = policyTypes === undefined || list(policyTypes).includes('Ingress');
    return policy.namespace === object.namespace && ingress && selectorMatches(podSelector, template.labels);
  });
}

/** Rules that let everybody in to every port: who names the port has thought of it. */
function openRules(policy: KubeObject): readonly { readonly policy: KubeObject; readonly index: number }[] {
  return list(dict(policy.data.spec).ingress).flatMap((rule, index) => {
    const { from, ports } = dict(rule);
    return list(from).length === 0 && list(ports).length === 0 ? [{ policy, index }] : [];
  });
}

const allOfTcp = [{ protocol: 'TCP', port: 1, endPort: 65_535 }];
