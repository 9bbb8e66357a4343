import { remove, set } from '../fix/fix.ts';
import { injectLabel } from '../model/injection.ts';
import { annotationPath } from './shared/annotations.ts';
import type { Rule } from './shared/rule.ts';

export const injectAnnotationDeprecated: Rule = {
  id: 'inject-annotation-deprecated',
  severity: 'warning',
  title: 'sidecar.istio.io/inject as an annotation',
  why: 'The webhook selects pods by their labels. The annotation "true" does nothing in a namespace that is not labelled, a label wins over it, and with "false" the webhook is still called, for nothing.',
  fix: 'The label `sidecar.istio.io/inject` on the pod template.',
  docs: [],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { object, template } = workload;
      const value = template.annotations[injectLabel];
      if (value === undefined) continue;
      const path = annotationPath(workload, injectLabel);
      const label = template.labels[injectLabel];
      const meant = /^(y|yes|true|on)$/i.test(value) ? 'true' : 'false';
      yield {
        object,
        path,
        message:
          label === undefined
            ? 'The webhook selects pods by the label; the annotation alone cannot ask for a sidecar.'
            : `The label "${label}" wins over the annotation "${value}".`,
        fix: {
          title: label === undefined ? 'make it a label' : 'remove it: the label decides',
          certain: label !== undefined || meant === 'false',
          changes: [
            ...(label === undefined ? [set(object, [...template.path, 'metadata', 'labels', injectLabel], meant)] : []),
            remove(object, path),
          ],
        },
      };
    }
  },
};
