import type { Cluster } from '../model/cluster.ts';
import { groupBy } from '../model/group-by.ts';
import type { KubeObject } from '../read/manifest.ts';
import type { Dict } from '../read/values.ts';
import { type Problem, type Rule, severities } from '../rules/shared/rule.ts';

export interface FoundProblem {
  readonly rule: Rule;
  readonly problem: Problem;
  /** The worlds that have it, where the object is in others, too, that do not. */
  readonly only: readonly string[] | undefined;
  /** Where it is so, or is worst. */
  readonly cluster: Cluster;
}

/** A problem in one of the worlds. */
interface WorldProblem {
  readonly rule: Rule;
  readonly problem: Problem;
  readonly world: string | undefined;
  readonly cluster: Cluster;
}

/**
 * What the rules find in each world, each thing once, in the order of the objects: the locator keeps one document only.
 * What a base has in several overlays is one problem of the base.
 */
export function findProblems(
  clusters: readonly { readonly world: string | undefined; readonly cluster: Cluster }[],
  rules: readonly Rule[],
  objects: readonly KubeObject[],
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
  return [...groupBy(all, same).values()]
    .map((group) => merge(group, worlds))
    .sort((a, b) => (order.get(a.problem.object.data) ?? 0) - (order.get(b.problem.object.data) ?? 0));
}

/** How many worlds an object is in. */
function worldsOf(clusters: readonly { readonly cluster: Cluster }[]): ReadonlyMap<Dict, number> {
  const counts = new Map<Dict, number>();
  if (clusters.length < 2) return counts;
  for (const { cluster } of clusters) {
    for (const { data } of cluster.objects) counts.set(data, (counts.get(data) ?? 0) + 1);
  }
  return counts;
}

function merge(group: readonly WorldProblem[], counts: ReadonlyMap<Dict, number>): FoundProblem {
  const rank = ({ rule, problem }: WorldProblem) => severities.indexOf(problem.severity ?? rule.severity);
  const [worst] = group.toSorted((a, b) => rank(a) - rank(b)) as [WorldProblem];
  const worlds = new Set(group.map(({ world }) => world));
  const isEverywhere = worlds.size >= (counts.get(worst.problem.object.data) ?? 1);
  const only = isEverywhere ? undefined : [...worlds].map((world) => world ?? '');
  return { rule: worst.rule, problem: worst.problem, only, cluster: worst.cluster };
}
