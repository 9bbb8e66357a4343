import type { Cluster } from '../../model/cluster.ts';
import { groupBy } from '../../model/group-by.ts';
import { hasOwnNamespace } from '../../model/routing/own-namespace.ts';
import { matches } from '../../model/selectors.ts';
import type { KubeObject } from '../../read/manifest.ts';
import { type Path, texts, valueAt } from '../../read/values.ts';
import type { Problem } from './rule.ts';

/** Objects of which each pod gets one, the oldest: those that another one of their namespace competes with. */
export function* selectedTwice(cluster: Cluster, objects: readonly KubeObject[], labelsPath: Path): Generator<Problem> {
  const labelsOf = ({ data }: KubeObject) => {
    const labels = texts(valueAt(data, labelsPath));
    return Object.keys(labels).length === 0 ? undefined : labels;
  };
  const isSettled = (object: KubeObject) => hasOwnNamespace(object, cluster.inputs.namespace);
  for (const [namespace, all] of groupBy(objects, (one) => one.namespace)) {
    for (const [index, object] of all.entries()) {
      const labels = labelsOf(object);
      const found = all
        .slice(0, index)
        .filter((other) => other.name !== object.name)
        .map((rival) => ({ rival, whom: sharedBy(cluster, namespace, labels, labelsOf(rival)) }))
        .find(({ whom }) => whom !== undefined);
      if (found === undefined) continue;
      const { rival, whom } = found;
      const isOneFile = rival.document.source === object.document.source;
      // What says no namespace goes where it is applied: two files may go to two.
      const isGuess = !isOneFile && !(isSettled(object) && isSettled(rival));
      yield {
        object,
        path: labels === undefined ? ['spec'] : labelsPath.slice(0, 2),
        message: `One of them is ignored${isGuess ? ', if both are in one namespace' : ''}: ${rival.kind} ${rival.name} is for ${whom}, too.`,
        ...(!isOneFile && { severity: isGuess ? 'info' : 'warning' }),
      };
    }
  }
}

type MaybeLabels = Readonly<Record<string, string>> | undefined;

/** Which pods two selectors share. One that is for all of the namespace gives way to one with labels. */
function sharedBy(cluster: Cluster, namespace: string, one: MaybeLabels, other: MaybeLabels): string | undefined {
  if (one === undefined && other === undefined) return `all pods of ${namespace}`;
  if (one === undefined || other === undefined) return undefined;
  const both = cluster.selected(namespace, one).find(({ template }) => matches(other, template.labels));
  return both && `the pods of ${both.object.kind} ${both.object.name}`;
}
