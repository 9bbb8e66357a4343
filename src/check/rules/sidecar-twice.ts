import { groupBy } from '../model/group-by.ts';
import { matches } from '../model/selectors.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, texts } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

export const sidecarTwice: Rule = {
  id: 'sidecar-twice',
  severity: 'error',
  title: 'Two Sidecars for the same pods',
  why: 'A pod gets one Sidecar, never two merged: the oldest. What the other one imports or opens is missing, and which is the oldest changes when one is made anew.',
  fix: 'One Sidecar without `workloadSelector` a namespace, and one more for each set of pods that needs its own.',
  docs: ['A warning where the two are in several files, which may be alternatives.'],
  *check(cluster) {
    for (const [namespace, all] of groupBy(cluster.ofKind('Sidecar'), (sidecar) => sidecar.namespace)) {
      for (const [index, object] of all.entries()) {
        const labels = labelsOf(object);
        const rivals = all.slice(0, index).filter((other) => other.name !== object.name);
        for (const rival of rivals) {
          const others = labelsOf(rival);
          const isPlain = labels === undefined && others === undefined;
          const both =
            labels &&
            others &&
            cluster.selected(namespace, labels).find(({ template }) => matches(others, template.labels));
          if (!isPlain && both === undefined) continue;
          const whom = both ? `the pods of ${both.object.kind} ${both.object.name}` : `all pods of ${namespace}`;
          yield {
            object,
            path: labels === undefined ? ['spec'] : ['spec', 'workloadSelector'],
            message: `One of them is ignored: Sidecar ${rival.name} is for ${whom}, too.`,
            ...(rival.document.source !== object.document.source && { severity: 'warning' }),
          };
          break;
        }
      }
    }
  },
};

function labelsOf({ data }: KubeObject): Readonly<Record<string, string>> | undefined {
  const labels = texts(dict(dict(data.spec).workloadSelector).labels);
  return Object.keys(labels).length === 0 ? undefined : labels;
}
