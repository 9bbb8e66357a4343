import { type ServicePort, targetOf, type Workload } from './cluster.ts';
import { type Spoken, spokenByName, spokenByNumber } from './port-words.ts';

/** What tells which protocol a port speaks; the strongest sign that there is. */
export interface PortSign {
  readonly spoken: Spoken;
  /** A probe shows it; a name says it; a number is a mere habit. */
  readonly by: 'probe' | 'name' | 'number';
  /** The same for a person: `its probe is httpGet`. */
  readonly reason: string;
}

/** The strongest sign of what a Service's port speaks, beside its own declaration; undefined: nothing tells. */
export function portSign(port: ServicePort, workloads: readonly Workload[]): PortSign | undefined {
  const targets = workloads.map((workload) => ({ workload, target: targetOf(port, workload) ?? port.port }));
  for (const { workload, target } of targets) {
    const probe = probeSign(workload, target);
    if (probe !== undefined) return probe;
  }
  const inPods = targets.flatMap(({ workload, target }) =>
    workload.ports.filter(({ number, protocol }) => number === target && protocol === port.transport),
  );
  const target = targets[0]?.target ?? numberOf(port);
  const names = [port.name, ...inPods.map(({ name }) => name), namedTarget(port)];
  for (const name of names) {
    const said = name === undefined ? undefined : spokenByName(name);
    if (said !== undefined) return { spoken: said.spoken, by: 'name', reason: `it is called ${name}` };
  }
  for (const number of [target, port.port]) {
    const spoken = spokenByNumber(number);
    if (spoken !== undefined) return { spoken, by: 'number', reason: `that is usual on port ${number}` };
  }
  return undefined;
}

/** What the kubelet speaks to a port of the pod: a tcpSocket probe fits every protocol. */
function probeSign({ template }: Workload, target: number): PortSign | undefined {
  const probes = [...template.containers, ...template.initContainers].flatMap((container) => container.probes);
  const probe = probes.find(({ kind, port }) => port === target && (kind === 'httpGet' || kind === 'grpc'));
  if (probe === undefined) return undefined;
  const spoken = probe.kind === 'grpc' ? 'grpc' : probe.scheme === 'HTTPS' ? 'https' : 'http';
  return { spoken, by: 'probe', reason: `it is probed by ${spoken === 'grpc' ? 'gRPC' : spoken.toUpperCase()}` };
}

function namedTarget({ targetPort }: ServicePort): string | undefined {
  return typeof targetPort === 'string' ? targetPort : undefined;
}

function numberOf({ targetPort, port }: ServicePort): number {
  return typeof targetPort === 'number' ? targetPort : port;
}
