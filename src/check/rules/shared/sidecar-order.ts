import type { Workload } from '../../model/cluster.ts';
import type { InputName } from '../../model/inputs.ts';

/** Injected, and the sidecar starts beside the app, not before it. */
export function isClassic({ injection }: Workload): boolean {
  return injection.injected === true && injection.mode === 'classic';
}

/** Injected, and the sidecar is started first, but nothing waits until it is ready. */
export function isFirst({ injection }: Workload): boolean {
  return injection.injected === true && injection.mode === 'first';
}

/** No native sidecar: init containers run before it, and a Job waits for it. */
export function isNotNative({ injection }: Workload): boolean {
  return injection.injected === true && injection.mode !== 'native' && injection.mode !== 'grpc';
}

/** The inputs that the verdict on the sidecar rests on. */
export function restsOn({ injection }: Workload): readonly InputName[] {
  return injection.injected === true ? injection.restsOn : [];
}
