import { type Fix, set } from '../../fix/fix.ts';
import { proxyConfigAnnotation } from '../../model/annotation-values.ts';
import type { Workload } from '../../model/cluster.ts';
import { nativeAnnotation } from '../../model/injection.ts';
import { type InputName, type Inputs, isOlder } from '../../model/inputs.ts';
import type { Path } from '../../read/values.ts';

/** The way to an annotation of a pod template. */
export function annotationPath({ template }: Workload, name: string): Path {
  return [...template.path, 'metadata', 'annotations', name];
}

export function annotate(workload: Workload, name: string, value: string): Fix['changes'][number] {
  return set(workload.object, annotationPath(workload, name), value);
}

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

/** An injected workload whose sidecar neither starts before the app nor ends after it. */
export function isClassic({ injection }: Workload): boolean {
  return injection.injected === true && injection.mode === 'classic';
}

/** No native sidecar: init containers run before it, a Job waits for it. */
export function isNotNative({ injection }: Workload): boolean {
  return injection.injected === true && injection.mode !== 'native' && injection.mode !== 'grpc';
}

export function restsOn({ injection }: Workload): readonly InputName[] {
  return injection.injected === true ? injection.restsOn : [];
}

/** The best key to show for something that a template leaves out: its annotations, else its metadata. */
export function templateKey({ template }: Workload): Path {
  return [...template.path, 'metadata', 'annotations'];
}
