import { rename } from '../fix/fix.ts';
import { nativeAnnotation } from '../model/injection.ts';
import { annotationPath } from './shared/annotations.ts';
import { isNativeTypo } from './shared/native-typos.ts';
import type { Rule } from './shared/rule.ts';

export const nativeAnnotationTypo: Rule = {
  id: 'native-annotation-typo',
  severity: 'warning',
  title: 'The annotation for a native sidecar, misspelt',
  why: 'Istio reads `sidecar.istio.io/nativeSidecar` only; any other spelling is ignored silently, and the sidecar stays what it was.',
  fix: 'Write `sidecar.istio.io/nativeSidecar`.',
  docs: ["Two of Istio's release notes print it as `sidecar.istio.io/native-side`."],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      for (const name of Object.keys(workload.template.annotations)) {
        if (!isNativeTypo(name)) continue;
        const path = annotationPath(workload, name);
        yield {
          object: workload.object,
          path,
          message: `Istio ignores "${name}": the sidecar is not made native.`,
          fix: {
            title: `rename it to ${nativeAnnotation}`,
            certain: true,
            changes: [rename(workload.object, path, nativeAnnotation)],
          },
        };
      }
    }
  },
};
