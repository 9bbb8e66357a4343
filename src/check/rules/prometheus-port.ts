import { isReservedPort } from '../../mesh/ports/ports.ts';
import { remove } from '../fix/fix.ts';
import { annotationPath } from './shared/annotations.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

const portAnnotation = 'prometheus.io/port';

export const prometheusPort: Rule = {
  id: 'prometheus-port',
  severity: 'error',
  title: 'prometheus.io/port names a port of the sidecar',
  why: "Istio merges the app's metrics into its own port and reads the annotation to know the app's. With its own port there it would call itself: the injection fails, and no pod is created.",
  fix: "The app's own metrics port, or no annotation: Istio sets its own.",
  docs: [],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const port = Number(workload.template.annotations[portAnnotation]);
      if (workload.injection.injected !== true || !isReservedPort(port)) continue;
      // The injector writes the agent's port itself, and takes a pod that has it for one of its own.
      if (workload.injection.because === 'by-hand') continue;
      yield {
        object: workload.object,
        path: annotationPath(workload, portAnnotation),
        message: `The injection fails: ${port} is the sidecar's own port, not the app's.`,
        restsOn: memberBy(workload),
        fix: {
          title: 'remove it',
          certain: false,
          changes: [remove(workload.object, annotationPath(workload, portAnnotation))],
        },
      };
    }
  },
};
