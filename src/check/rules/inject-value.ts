import { set } from '../fix/fix.ts';
import { isOlder } from '../model/inputs.ts';
import { injectLabel } from '../model/membership.ts';
import { meaningOf } from './shared/inject-words.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const injectValue: Rule = {
  id: 'inject-value',
  severity: 'warning',
  title: 'A label sidecar.istio.io/inject with a value other than "true" or "false"',
  why: 'Since Istio 1.27 only "true" and "false" count: for any other text the injector does what it would do without it, so "False" and "no" leave the pod with a sidecar. Until 1.26 "yes", "on" and "y" meant yes, and any other text no. The webhook itself, which selects pods of namespaces without a label, has only ever known "true".',
  fix: 'Exactly "true" or "false".',
  docs: [
    'Source: `injectRequired` of the injector, and the selectors of the webhooks. An annotation with such a value has the rule inject-annotation-deprecated.',
  ],
  *check(cluster) {
    const old = isOlder(cluster.inputs.istio, '1.27');
    for (const workload of cluster.workloads) {
      const { object, template, injection } = workload;
      const value = template.labels[injectLabel];
      if (value === undefined || value === 'true' || value === 'false') continue;
      const meant = meaningOf(value);
      const path = [...template.path, 'metadata', 'labels', injectLabel];
      const outcome = injection.injected === false ? 'the pod gets no sidecar' : 'the pod gets a sidecar';
      yield {
        object,
        path,
        message: old
          ? `"${value}" is neither "true" nor "false": here ${outcome}, and from Istio 1.27 on the label counts for nothing.`
          : `"${value}" is neither "true" nor "false" and counts for nothing: ${outcome}.`,
        restsOn: [...memberBy(workload), 'istio'],
        fix: {
          title: `write "${meant ?? 'true'}"`,
          certain: meant !== undefined,
          changes: [set(object, path, meant ?? 'true')],
        },
      };
    }
  },
};
