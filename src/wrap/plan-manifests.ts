import { isDeepStrictEqual } from 'node:util';
import type { WorldCluster } from '../check/model/build-worlds.ts';
import { groupBy } from '../check/model/group-by.ts';
import type { KnownImages, WorkloadPlan, WrapOptions } from './plan.ts';
import { planUndo } from './plan-undo.ts';
import { planWorkload } from './plan-workload.ts';

/** The plans for all workloads, each object's once, in the order of the files. */
export function planWraps(
  clusters: readonly WorldCluster[],
  images: KnownImages,
  options: Omit<WrapOptions, 'anyUser'>,
): WorkloadPlan[] {
  return joinWorlds(
    clusters.flatMap(({ world, cluster }) =>
      cluster.workloads.map((workload) =>
        planWorkload(workload, world, images, { ...options, anyUser: cluster.inputs.openshift }),
      ),
    ),
  );
}

export function planUndos(clusters: readonly WorldCluster[]): WorkloadPlan[] {
  return joinWorlds(
    clusters.flatMap(({ world, cluster }) => cluster.workloads.flatMap((workload) => planUndo(workload, world) ?? [])),
  );
}

/**
 * A file that goes to several clusters is changed where all of them want the same: an app behind mesh-shim waits for a sidecar,
 * also where it never gets one.
 */
function joinWorlds(plans: readonly WorkloadPlan[]): WorkloadPlan[] {
  return [...groupBy(plans, ({ object }) => object.data).values()].flatMap((same) => joinTemplates(same));
}

/** One object may have several pod templates, each with a plan in each world. */
function joinTemplates(plans: readonly WorkloadPlan[]): WorkloadPlan[] {
  const byWorld = [...groupBy(plans, ({ world }) => world).values()];
  const [first = [], ...others] = byWorld;
  return first.map((plan, index) => {
    const differing = others.map((other) => other[index]).find((other) => other && !isSame(plan, other));
    if (differing === undefined) return plan;
    const wanted = plan.operations.length > 0 ? plan : differing;
    if (wanted.operations.length === 0) return plan;
    return {
      ...wanted,
      outcome: 'left',
      why: `it is in several clusters, and only in ${wanted.world} is this right: change it there, as with --render and --kustomize`,
      operations: [],
    };
  });
}

function isSame(a: WorkloadPlan, b: WorkloadPlan): boolean {
  return isDeepStrictEqual(a.operations, b.operations);
}
