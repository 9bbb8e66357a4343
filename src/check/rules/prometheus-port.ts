import { remove } from '../fix/fix.ts';
import { findMergeFault, type MergeFault } from '../model/prometheus-merge.ts';
import { annotationPath } from './shared/annotations.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const prometheusPort: Rule = {
  id: 'prometheus-port',
  severity: 'error',
  title: 'prometheus.io/port or scrape-targets names no port of the app',
  why: "Istio merges the app's metrics into its own port and reads the annotation to know the app's. Since 1.31 the injector refuses a port that is no number, or the sidecar's own: no pod is created. Before, the agent asked that port in vain: the app's metrics are missing.",
  fix: "The number of the app's own metrics port, or no annotation: Istio sets its own.",
  docs: [
    'Silent where metrics are not merged: `prometheus.istio.io/merge-metrics: "false"`, `prometheus.io/scrape: "false"`, or `enablePrometheusMerge: false` in the mesh configuration (`--metrics-merge false`); and for 15020, which the injector writes itself.',
  ],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { object, injection, template } = workload;
      if (injection.injected !== true || injection.because === 'by-hand') continue;
      const fault = findMergeFault(template.annotations, cluster.inputs);
      if (fault === undefined) continue;
      const path = annotationPath(workload, fault.annotation);
      yield {
        object,
        path,
        message: messageOf(fault),
        severity: fault.refused ? 'error' : 'warning',
        restsOn: [...memberBy(workload), 'istio', ...(fault.byInput ? (['metricsMerge'] as const) : [])],
        fix: { title: 'remove it', certain: false, changes: [remove(object, path)] },
      };
    }
  },
};

function messageOf({ port, reason, refused }: MergeFault): string {
  return refused
    ? `No pod is created: "${port}" ${reason}, and the injector refuses it.`
    : `The app's metrics are missing from the merged ones: "${port}" ${reason}.`;
}
