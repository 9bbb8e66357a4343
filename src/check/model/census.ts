import type { Cluster, Workload } from './cluster.ts';
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
  /** The world of its cluster, where the workloads are in several. */
  readonly world?: string;
  /** Whether its Namespace is in the files. */
  readonly inFiles: boolean;
}

/**
 * Who is in the mesh, as far as files and inputs tell: all workloads, and by namespace in the order of names. Each cluster is
 * counted by itself: what a base has in two overlays are two workloads, and a namespace of both has two rows.
 */
export interface Census extends Headcount {
  /** How many clusters the workloads are in. */
  readonly clusters: number;
  readonly namespaces: readonly NamespaceCensus[];
}

export function takeCensus(
  clusters: readonly { readonly world: string | undefined; readonly cluster: Cluster }[],
): Census {
  const filled = clusters.filter(({ cluster }) => cluster.workloads.length > 0);
  const namespaces = filled.flatMap(({ world, cluster }) =>
    [...groupBy(cluster.workloads, ({ object }) => object.namespace)].map(([namespace, own]): NamespaceCensus => {
      const inFiles = cluster.namespace(namespace) !== undefined;
      return { namespace, ...(filled.length > 1 && { world: world ?? '' }), inFiles, ...count(own) };
    }),
  );
  return {
    ...count(filled.flatMap(({ cluster }) => cluster.workloads)),
    clusters: filled.length,
    namespaces: namespaces.toSorted((a, b) => compare(a.namespace, b.namespace) || compare(a.world, b.world)),
  };
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
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
