import type { Cluster, Workload } from '../cluster.ts';
import { groupBy } from '../group-by.ts';
import { apiServerCalls } from './api-server-calls.ts';
import { type AuthorizationsOf, indexAuthorizations } from './authorizations.ts';
import type { Call } from './call.ts';
import { type DestinationRules, indexDestinationRules } from './destination-rules.ts';
import { ingressCalls } from './ingress-calls.ts';
import { loadBalancerCalls } from './load-balancer-calls.ts';
import { prometheusCalls } from './prometheus-calls.ts';
import { type ServedPorts, servedPorts } from './served-ports.ts';

/** The one model of who may call what how: rules ask it and look at no policy themselves. */
export interface Traffic extends ServedPorts {
  readonly rules: DestinationRules;
  readonly authorizations: AuthorizationsOf;
  /** The calls of one kind of caller that is outside the mesh. */
  readonly callsBy: (by: Call['by']) => readonly Call[];
  /** The ports of a workload that refuse such calls although the app would answer them, in ascending order. */
  readonly closed: (workload: Workload) => readonly number[];
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
  const ports = servedPorts(cluster);
  const all = [
    ...apiServerCalls(cluster, ports),
    ...prometheusCalls(cluster, ports),
    ...loadBalancerCalls(cluster, ports),
    ...ingressCalls(cluster, ports),
  ];
  const calls = groupBy(all, ({ by }) => by);
  const refused = groupBy(
    all.flatMap(({ targets, unsure }) => (unsure ? [] : targets).filter(({ accepted }) => accepted.takes === 'mtls')),
    ({ workload }) => workload,
  );
  return {
    ...ports,
    rules: indexDestinationRules(cluster.ofKind('DestinationRule'), cluster.inputs.rootNamespace),
    authorizations: indexAuthorizations(cluster),
    callsBy: (by) => calls.get(by) ?? [],
    closed: (workload) =>
      [...new Set((refused.get(workload) ?? []).map(({ number }) => number))].toSorted((a, b) => a - b),
  };
}
