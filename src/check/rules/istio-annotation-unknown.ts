import { nearestName } from '../../text/nearest-name.ts';
import { remove, rename } from '../fix/fix.ts';
import { podAnnotations } from '../model/istio-annotations.ts';
import { annotationPath } from './shared/annotations.ts';
import { isNativeTypo } from './shared/native-typos.ts';
import type { Rule } from './shared/rule.ts';

export const istioAnnotationUnknown: Rule = {
  id: 'istio-annotation-unknown',
  severity: 'warning',
  title: 'An istio.io annotation on a pod that Istio does not know',
  why: 'Istio ignores it silently: what it was meant to do does not happen.',
  fix: "The name that was meant; the finding names the nearest one of Istio's own.",
  docs: [],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      for (const name of Object.keys(workload.template.annotations)) {
        if (!/(^|\.)istio\.io\//.test(name) || podAnnotations.has(name) || isNativeTypo(name)) continue;
        const path = annotationPath(workload, name);
        const near = nearestName(name, podAnnotations);
        const free = near !== undefined && workload.template.annotations[near] === undefined;
        yield {
          object: workload.object,
          path,
          message: `Istio ignores "${name}"${near ? `; did you mean "${near}"?` : '.'}`,
          fix: free
            ? { title: `rename it to ${near}`, certain: false, changes: [rename(workload.object, path, near)] }
            : { title: 'remove it', certain: false, changes: [remove(workload.object, path)] },
        };
      }
    }
  },
};
