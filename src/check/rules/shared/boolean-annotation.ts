import type { Cluster } from '../../model/cluster.ts';
import { annotate, annotationPath } from './annotations.ts';
import type { Problem } from './rule.ts';

const meansNo = /^(n|no|off|false|0|disabled)$/i;

interface BooleanAnnotation {
  readonly name: string;
  /** Whether Istio takes the value for what it says. */
  readonly isClear: (value: string) => boolean;
  /** What Istio makes of another value. */
  readonly message: (value: string) => string;
  /** Whether the fix is what the author meant, whatever Istio made of the value. */
  readonly certain: boolean;
}

/** Pod templates with a value of the annotation that is not a clear yes or no; the fix writes the one that is meant. */
export function* unclearBooleans(
  cluster: Cluster,
  { name, isClear, message, certain }: BooleanAnnotation,
): Iterable<Problem> {
  for (const workload of cluster.workloads) {
    const value = workload.template.annotations[name];
    if (value === undefined || isClear(value)) continue;
    const meant = meansNo.test(value) ? 'false' : 'true';
    yield {
      object: workload.object,
      path: annotationPath(workload, name),
      message: message(value),
      fix: { title: `write "${meant}"`, certain, changes: [annotate(workload, name, meant)] },
    };
  }
}
