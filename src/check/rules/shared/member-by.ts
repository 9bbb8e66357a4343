import type { Workload } from '../../model/cluster.ts';
import type { InputName } from '../../model/inputs.ts';

/** `injection`, where that input decides whether one of these workloads has a sidecar: what such a finding rests on. */
export function memberBy(...workloads: readonly Workload[]): readonly InputName[] {
  return [...new Set(workloads.flatMap(({ injection }) => injection.memberBy))];
}
