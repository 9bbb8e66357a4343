import type { Workload } from './cluster.ts';
import { groupBy } from './group-by.ts';
import { type MembershipReason, membershipReasons, type Place } from './membership-reasons.ts';

/** How many workloads are in the mesh, and why. */
export interface Headcount {
  readonly workloads: number;
  /** Those whose pods get a sidecar, are in ambient mode, or are outside the mesh: together all of them. */
  readonly sidecar: number;
  readonly ambient: number;
  readonly outside: number;
  /** The same by reason; one that no workload has is left out. */
  readonly reasons: Readonly<Partial<Record<MembershipReason, number>>>;
}

export interface NamespaceCensus extends Headcount {
  readonly namespace: string;
  /** Whether its Namespace is in the files. */
  readonly inFiles: boolean;
}

/** Who is in the mesh, as far as files and inputs tell: all workloads, and by namespace in the order of names. */
export interface Census extends Headcount {
  readonly namespaces: readonly NamespaceCensus[];
}

export function takeCensus(workloads: readonly Workload[], isInFiles: (namespace: string) => boolean): Census {
  const byNamespace = groupBy(workloads, ({ object }) => object.namespace);
  const namespaces = [...byNamespace]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, own]) => ({ namespace, inFiles: isInFiles(namespace), ...count(own) }));
  return { ...count(workloads), namespaces };
}

function count(workloads: readonly Workload[]): Headcount {
  const byReason = groupBy(workloads, ({ injection }) => injection.because);
  const all = Object.keys(membershipReasons) as MembershipReason[];
  const found = all.flatMap((reason) => {
    const own = byReason.get(reason)?.length;
    return own === undefined ? [] : [[reason, own] as const];
  });
  const at = (place: Place) =>
    found.reduce((sum, [reason, own]) => sum + (membershipReasons[reason].place === place ? own : 0), 0);
  return {
    workloads: workloads.length,
    sidecar: at('sidecar'),
    ambient: at('ambient'),
    outside: at('outside'),
    reasons: Object.fromEntries(found),
  };
}
