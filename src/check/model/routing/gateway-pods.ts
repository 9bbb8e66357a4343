import type { Cluster, Workload } from '../cluster.ts';
import { type Labels, matches } from '../selectors.ts';

/** The workloads of all namespaces that a Gateway selects: unless istiod has PILOT_SCOPE_GATEWAY_TO_NAMESPACE, it looks in all. */
export function podsOfGateway(cluster: Cluster, selector: Labels): readonly Workload[] {
  return cluster.workloads.filter(({ template }) => matches(selector, template.labels));
}
