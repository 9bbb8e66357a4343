import { removeObject } from '../fix.ts';
import type { Rule } from '../rule.ts';
import { dict, list, text } from '../values.ts';

export const sePerPod: Rule = {
  id: 'se-per-pod',
  severity: 'info',
  title: 'A ServiceEntry for a single pod of a StatefulSet in the cluster',
  why: 'Istio makes listeners for each pod of a headless Service by itself. The entry is from a time before that; it goes stale, and may shadow the real one.',
  fix: 'Remove it.',
  docs: [],
  *check(cluster) {
    for (const object of cluster.ofKind('ServiceEntry')) {
      const hosts = list(dict(object.data.spec).hosts).map((host) => text(host) ?? '');
      const owner = cluster.workloads.find(({ object: set }) => {
        const service = text(dict(set.data.spec).serviceName);
        const pod = new RegExp(
          `^${set.name.replaceAll('.', '\\.')}-\\d+\\.${service}(\\.${set.namespace}(\\.svc.*)?)?$`,
        );
        return set.kind === 'StatefulSet' && service !== undefined && hosts.some((host) => pod.test(host));
      });
      if (owner === undefined) continue;
      yield {
        object,
        path: ['spec', 'hosts'],
        message: `Istio knows the pods of StatefulSet ${owner.object.name} without it.`,
        fix: { title: 'remove it', certain: false, changes: [removeObject(object)] },
      };
    }
  },
};
