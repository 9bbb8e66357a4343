import type { Cluster, Workload } from './cluster.ts';
import { nearestCopies } from './copies.ts';
import { groupBy, push } from './group-by.ts';
import type { Policy } from './policy.ts';

/** Finds PeerAuthentications without a look at all of them for each workload. Where the files hold one twice, the nearest counts. */
export interface PolicyIndex {
  /** That of a whole namespace, as a workload meets it; of several the first in the files. */
  readonly whole: (namespace: string, workload: Workload) => Policy | undefined;
  /** Those that select a workload, in the order of the files. */
  readonly selecting: (workload: Workload) => readonly Policy[];
}

const indexes = new WeakMap<Cluster, PolicyIndex>();

export function policyIndex(cluster: Cluster): PolicyIndex {
  const known = indexes.get(cluster);
  if (known !== undefined) return known;
  const made = buildIndex(cluster);
  indexes.set(cluster, made);
  return made;
}

function buildIndex(cluster: Cluster): PolicyIndex {
  const copies = groupBy(cluster.policies(), keyOf);
  const whole = new Map<string, Policy[]>();
  const selecting = new Map<Workload, Policy[]>();
  for (const policy of cluster.policies()) {
    const { object, selector } = policy;
    if (selector === undefined) push(whole, object.namespace, policy);
    else for (const workload of cluster.selected(object.namespace, selector)) push(selecting, workload, policy);
  }
  const isNearest = (policy: Policy, { object: to }: Workload) =>
    nearestCopies(copies.get(keyOf(policy)) ?? [], ({ object }) => object, to)[0] === policy;
  return {
    whole: (namespace, workload) => whole.get(namespace)?.find((policy) => isNearest(policy, workload)),
    selecting: (workload) => selecting.get(workload)?.filter((policy) => isNearest(policy, workload)) ?? [],
  };
}

function keyOf({ object }: Policy): string {
  return `${object.namespace}\0${object.name}`;
}
