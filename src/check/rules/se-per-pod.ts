import { removeObject } from '../fix/fix.ts';
import { groupBy } from '../model/group-by.ts';
import { dict, list, text } from '../read/values.ts';
import { isStatefulSet } from './shared/headless-services.ts';
import type { Rule } from './shared/rule.ts';

export const sePerPod: Rule = {
  id: 'se-per-pod',
  severity: 'info',
  title: 'A ServiceEntry for a single pod of a StatefulSet in the cluster',
  why: 'Istio makes listeners for each pod of a headless Service by itself. The entry is from a time before that; it goes stale, and may shadow the real one.',
  fix: 'Remove it.',
  docs: [],
  *check(cluster) {
    const sets = cluster.workloads.filter(({ object }) => isStatefulSet(object)).map(({ object }) => object);
    const byService = groupBy(sets, ({ data }) => text(dict(data.spec).serviceName));
    for (const object of cluster.ofKind('ServiceEntry')) {
      const hosts = list(dict(object.data.spec).hosts).map((host) => (text(host) ?? '').split('.'));
      const owner = hosts
        .flatMap(([pod = '', service = '', namespace = object.namespace, svc = 'svc']) =>
          (byService.get(service) ?? []).filter(
            ({ name, namespace: own }) => own === namespace && svc === 'svc' && pod.replace(/-\d+$/, '') === name,
          ),
        )
        .at(0);
      if (owner === undefined) continue;
      yield {
        object,
        path: ['spec', 'hosts'],
        message: `Istio knows the pods of StatefulSet ${owner.name} without it.`,
        fix: { title: 'remove it', certain: false, changes: [removeObject(object)] },
      };
    }
  },
};
