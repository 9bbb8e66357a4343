import { remove } from '../fix/fix.ts';
import { dict } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

export const paPortlevelNoSelector: Rule = {
  id: 'pa-portlevel-no-selector',
  severity: 'error',
  title: 'portLevelMtls without a selector',
  why: "Ports belong to a workload: Istio's validation refuses the policy, and where no webhook validates, portLevelMtls is ignored.",
  fix: 'A selector, or no portLevelMtls.',
  docs: [],
  *check(cluster) {
    for (const { object, selector } of cluster.policies()) {
      const path = ['spec', 'portLevelMtls'];
      if (selector !== undefined || dict(object.data.spec).portLevelMtls === undefined) continue;
      yield {
        object,
        path,
        message: 'Istio refuses the policy: portLevelMtls needs a selector.',
        fix: { title: 'remove portLevelMtls', certain: false, changes: [remove(object, path)] },
      };
    }
  },
};
