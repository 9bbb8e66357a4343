import { goBool } from '../model/annotation-values.ts';
import { rewriteAnnotation } from '../model/injection.ts';
import { annotate, annotationPath } from './shared/annotate.ts';
import type { Rule } from './shared/rule.ts';

export const rewriteValue: Rule = {
  id: 'rewrite-value',
  severity: 'warning',
  title: 'sidecar.istio.io/rewriteAppHTTPProbers with a value that is no boolean',
  why: 'Istio ignores what Go does not read as a boolean ("yes", "on"), and the installation\'s default decides.',
  fix: 'Exactly "true" or "false".',
  docs: [],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const value = workload.template.annotations[rewriteAnnotation];
      if (value === undefined || goBool(value) !== undefined) continue;
      const meant = /^(n|no|off|disabled)$/i.test(value) ? 'false' : 'true';
      yield {
        object: workload.object,
        path: annotationPath(workload, rewriteAnnotation),
        message: `Istio ignores "${value}": the installation's default decides whether probes are rewritten.`,
        fix: { title: `write "${meant}"`, certain: true, changes: [annotate(workload, rewriteAnnotation, meant)] },
      };
    }
  },
};
