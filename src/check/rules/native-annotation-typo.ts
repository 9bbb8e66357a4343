import { rename } from '../fix.ts';
import { NATIVE } from '../injection.ts';
import type { Rule } from '../rule.ts';
import { annotationPath } from './annotate.ts';

/** As two of Istio's own release notes print it, and what else people write for it. */
const MISSPELT: readonly string[] = [
  'sidecar.istio.io/native-side',
  'sidecar.istio.io/native-sidecar',
  'sidecar.istio.io/nativeSidecars',
  'sidecar.istio.io/nativesidecar',
  'sidecar.istio.io/native',
];

export const nativeAnnotationTypo: Rule = {
  id: 'native-annotation-typo',
  severity: 'error',
  title: 'The annotation for a native sidecar, misspelt',
  why: 'Istio reads `sidecar.istio.io/nativeSidecar` only; any other spelling is ignored without a word, and the sidecar stays what it was.',
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
          fix: { title: `rename it to ${NATIVE}`, certain: true, changes: [rename(workload.object, path, NATIVE)] },
        };
      }
    }
  },
};

export function isNativeTypo(annotation: string): boolean {
  return MISSPELT.includes(annotation);
}
