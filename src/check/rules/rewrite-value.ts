import { goBool } from '../model/annotation-values.ts';
import { rewriteAnnotation } from '../model/injection.ts';
import { unclearBooleans } from './shared/boolean-annotation.ts';
import type { Rule } from './shared/rule.ts';

export const rewriteValue: Rule = {
  id: 'rewrite-value',
  severity: 'warning',
  title: 'sidecar.istio.io/rewriteAppHTTPProbers with a value that is not a boolean',
  why: 'Istio ignores what Go does not read as a boolean ("yes", "on"), and the installation\'s default decides.',
  fix: 'Exactly "true" or "false".',
  docs: [],
  check: (cluster) =>
    unclearBooleans(cluster, {
      name: rewriteAnnotation,
      isClear: (value) => goBool(value) !== undefined,
      message: (value) => `Istio ignores "${value}": the installation's default decides whether probes are rewritten.`,
      certain: true,
    }),
};
