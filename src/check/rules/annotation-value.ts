import { remove } from '../fix/fix.ts';
import { proxyConfigAnnotation } from '../model/annotation-values.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const annotationValue: Rule = {
  id: 'annotation-value',
  severity: 'error',
  title: 'An annotation whose value makes the injector refuse the pod',
  why: 'The injection webhook fails, and with it the creation of every pod of the workload: the Deployment applies, and no pod appears.',
  fix: 'A value that Istio accepts; the finding says which.',
  docs: ['For `proxy.istio.io/config` the rule is hold-value.'],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { object, injection } = workload;
      if (injection.injected !== 'error' || injection.annotation === proxyConfigAnnotation) continue;
      yield {
        object,
        path: injection.path,
        message: `No pod is created: ${injection.message}.`,
        restsOn: memberBy(workload),
        fix: { title: 'remove it', certain: false, changes: [remove(object, injection.path)] },
      };
    }
  },
};
