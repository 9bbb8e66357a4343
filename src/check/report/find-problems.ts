import type { WorldCluster } from '../model/build-worlds.ts';
import type { Cluster } from '../model/cluster.ts';
import { groupBy } from '../model/group-by.ts';
import type { Inputs } from '../model/inputs.ts';
import type { KubeObject } from '../read/manifest.ts';
import type { Dict } from '../read/values.ts';
import { type Problem, type Rule, severities } from '../rules/shared/rule.ts';
import { severityOf } from './input-uses.ts';

export interface FoundProblem {
  readonly rule: Rule;
  readonly problem: Problem;
  /** The worlds that have it, where the object is in others, too, that do not. */
  readonly only: readonly string[] | undefined;
  /** Where it is so, or is worst. */
  readonly cluster: Cluster;
}

/** A problem in one of the worlds. */
interface WorldProblem extends WorldCluster {
  readonly rule: Rule;
  readonly problem: Problem;
}

/**
 * What the rules find in each world, each thing once, in the order of the objects: the locator keeps one document only.
 * What a base has in several overlays is one problem of the base. `given`: the inputs that the caller gave.
 */
export function findProblems(
  clusters: readonly WorldCluster[],
  rules: readonly Rule[],
  objects: readonly KubeObject[],
  given: Partial<Inputs>,
): FoundProblem[] {
  const order = new Map(objects.map(({ data }, index) => [data, index]));
  const all = clusters.flatMap(({ world, cluster }) =>
    rules.flatMap((rule) =>
      [...rule.check(cluster)].map((problem): WorldProblem => ({ rule, problem, world, cluster })),
    ),
  );
  const same = ({ rule, problem }: WorldProblem) =>
    [rule.id, order.get(problem.object.data), problem.message, ...problem.path].join('\0');
  const worlds = worldsOf(clusters);
  const rank = ({ rule, problem, cluster }: WorldProblem) =>
    severities.indexOf(severityOf(rule, problem, cluster, given));
  return [...groupBy(all, same).values()]
    .map((group) => merge(group, rank, worlds))
    .sort((a, b) => (order.get(a.problem.object.data) ?? 0) - (order.get(b.problem.object.data) ?? 0));
}

/** How many worlds an object is in. */
function worldsOf(clusters: readonly WorldCluster[]): ReadonlyMap<Dict, number> {
  const counts = new Map<Dict, number>();
  if (clusters.length < 2) return counts;
  for (const { cluster } of clusters) {
    for (const { data } of cluster.objects) counts.set(data, (counts.get(data) ?? 0) + 1);
  }
  return counts;
}

function merge(
  group: readonly WorldProblem[],
  rank: (one: WorldProblem) => number,
  counts: ReadonlyMap<Dict, number>,
): FoundProblem {
  const [worst] = (group.length < 2 ? group : group.toSorted((a, b) => rank(a) - rank(b))) as [WorldProblem];
  const worlds = new Set(group.map(({ world }) => world));
  const isEverywhere = worlds.size >= (counts.get(worst.problem.object.data) ?? 1);
  const only = isEverywhere ? undefined : [...worlds].map((world) => world ?? '');
  return { rule: worst.rule, problem: worst.problem, only, cluster: worst.cluster };
}
