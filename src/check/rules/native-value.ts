import { nativeAnnotation } from '../model/injection.ts';
import { annotate, annotationPath } from './shared/annotate.ts';
import type { Rule } from './shared/rule.ts';

export const nativeValue: Rule = {
  id: 'native-value',
  severity: 'warning',
  title: 'sidecar.istio.io/nativeSidecar with another value than "true" or "false"',
  why: 'Istio takes every text but "false" for true ("no" and "False" too), and the empty text for the default.',
  fix: 'Exactly "true" or "false".',
  docs: [],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const value = workload.template.annotations[nativeAnnotation];
      if (value === undefined || value === 'true' || value === 'false') continue;
      const meant = /^(n|no|off|false|0|disabled)$/i.test(value) ? 'false' : 'true';
      yield {
        object: workload.object,
        path: annotationPath(workload, nativeAnnotation),
        message:
          value === ''
            ? 'The empty text is the default, not a choice.'
            : `"${value}" makes the sidecar native: only "false" does not.`,
        fix: { title: `write "${meant}"`, certain: false, changes: [annotate(workload, nativeAnnotation, meant)] },
      };
    }
  },
};
