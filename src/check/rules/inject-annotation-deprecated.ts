import { remove, set } from '../fix/fix.ts';
import type { Workload } from '../model/cluster.ts';
import { isOlder } from '../model/inputs.ts';
import { injectLabel } from '../model/membership.ts';
import { annotationPath } from './shared/annotations.ts';
import { meaningOf } from './shared/inject-words.ts';
import type { Problem, Rule } from './shared/rule.ts';

export const injectAnnotationDeprecated: Rule = {
  id: 'inject-annotation-deprecated',
  severity: 'warning',
  title: 'sidecar.istio.io/inject as an annotation',
  why: 'The webhook selects pods by their labels. The annotation "true" does nothing in a namespace that is not labelled, a label wins over it, and with "false" the webhook is still called for each pod, only to leave it alone: while istiod is down, the pod cannot be created.',
  fix: 'The label `sidecar.istio.io/inject` on the pod template.',
  docs: ['An info for the annotation "false", which does keep the sidecar away, and where the label says the same.'],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const value = workload.template.annotations[injectLabel];
      if (value === undefined) continue;
      const label = workload.template.labels[injectLabel];
      yield label === undefined
        ? withoutLabel(workload, value, isOlder(cluster.inputs.istio, '1.27'))
        : besideLabel(workload, value, label);
    }
  },
};

/** `old`: an injector to which "yes" and "no" mean something. */
function withoutLabel(workload: Workload, value: string, old: boolean): Problem {
  const { object, template } = workload;
  const path = annotationPath(workload, injectLabel);
  const meant = meaningOf(value) ?? (old ? 'false' : undefined);
  const heard = old || value === 'true' || value === 'false';
  return {
    object,
    path,
    message: !heard
      ? `"${value}" counts for nothing since Istio 1.27, and the webhook selects pods by the label.`
      : meant === 'true'
        ? 'The webhook selects pods by the label; the annotation alone cannot ask for a sidecar.'
        : 'The webhook is called for each pod all the same, only to leave it alone: the label keeps it from being called.',
    severity: heard && meant === 'false' ? 'info' : 'warning',
    restsOn: old || !heard ? ['istio'] : [],
    fix: {
      title: 'make it a label',
      certain: meant === 'false',
      changes: [
        set(object, [...template.path, 'metadata', 'labels', injectLabel], meant ?? 'true'),
        remove(object, path),
      ],
    },
  };
}

function besideLabel(workload: Workload, value: string, label: string): Problem {
  const path = annotationPath(workload, injectLabel);
  return {
    object: workload.object,
    path,
    message:
      label === value
        ? `The label says "${label}" as well: the annotation does nothing.`
        : `The label "${label}" wins over the annotation "${value}".`,
    severity: label === value ? 'info' : 'warning',
    fix: { title: 'remove it: the label decides', certain: true, changes: [remove(workload.object, path)] },
  };
}
