import { remove } from '../fix/fix.ts';
import { holdSetting, proxyConfigAnnotation } from '../model/annotation-values.ts';
import { templatesAnnotation } from '../model/injection-templates.ts';
import { annotationPath } from './shared/annotations.ts';
import type { Rule } from './shared/rule.ts';

export const annotationValue: Rule = {
  id: 'annotation-value',
  severity: 'error',
  title: 'An annotation whose value makes the injector refuse the pod',
  why: 'The injection webhook fails, and with it the creation of every pod of the workload: the Deployment applies, and no pod appears.',
  fix: 'A value that Istio accepts; the finding says which.',
  docs: [
    'Of `proxy.istio.io/config` it sees settings of a wrong type; where the whole text cannot be read, or its hold, the rule is hold-value.',
    "The names of templates are the installation's: of one that Istio itself does not have the rule warns, until `--injection-templates` names those that you have added, or the ConfigMap `istio-sidecar-injector` is among the files.",
  ],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { object, injection } = workload;
      if (injection.injected === 'error' && !isOfHold(injection)) {
        yield {
          object,
          path: injection.path,
          message: `No pod is created: ${injection.message}.`,
          restsOn: injection.restsOn,
          fix: { title: 'remove it', certain: false, changes: [remove(object, injection.path)] },
        };
      }
      if (injection.injected !== true || injection.doubtfulTemplate === undefined) continue;
      const name = injection.doubtfulTemplate;
      yield {
        object,
        path: annotationPath(workload, templatesAnnotation),
        message: `No pod is created where the installation has not added the injection template "${name}": Istio has none of that name.`,
        severity: 'warning',
        restsOn: [...injection.memberBy, 'injectionTemplates'],
        fix: {
          title: 'add the template to the installation',
          certain: false,
          changes: [],
          inputs: { injectionTemplates: [name] },
        },
      };
    }
  },
};

function isOfHold({ annotation, field }: { readonly annotation: string; readonly field?: string }): boolean {
  return annotation === proxyConfigAnnotation && (field === undefined || field === holdSetting);
}
