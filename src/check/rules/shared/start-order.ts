import type { Fix } from '../../fix/fix.ts';
import { proxyConfigAnnotation } from '../../model/annotation-values.ts';
import type { Workload } from '../../model/cluster.ts';
import { nativeAnnotation } from '../../model/injection.ts';
import { type Inputs, isOlder } from '../../model/inputs.ts';
import { annotate } from './annotations.ts';

/** Native sidecars came with Kubernetes 1.29 (on by default), the annotation with Istio 1.24. */
export function nativeAvailable({ istio, kubernetes }: Inputs): boolean {
  return !isOlder(istio, '1.24') && (kubernetes === undefined || !isOlder(kubernetes, '1.29'));
}

/** Makes the sidecar native where the cluster can; undefined where it cannot. */
export function goNative(workload: Workload, inputs: Inputs): Fix | undefined {
  if (!nativeAvailable(inputs)) return undefined;
  return {
    title: 'make the sidecar a native one',
    certain: inputs.kubernetes !== undefined,
    changes: [annotate(workload, nativeAnnotation, 'true')],
  };
}

/** Native, else holding the app back. */
export function startInOrder(workload: Workload, inputs: Inputs): Fix {
  return (
    goNative(workload, inputs) ?? {
      title: 'hold the app back until the sidecar is ready',
      certain: workload.template.annotations[proxyConfigAnnotation] === undefined,
      changes: [annotate(workload, proxyConfigAnnotation, 'holdApplicationUntilProxyStarts: true')],
    }
  );
}
