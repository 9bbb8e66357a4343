import type { KubeObject } from '../../read/manifest.ts';
import type { Path } from '../../read/values.ts';
import type { ServicePort, Workload } from '../cluster.ts';
import type { InputName } from '../inputs.ts';
import type { Accepted } from './accepted.ts';

/** A port of a pod, as a caller from outside the mesh meets it. */
export interface Target {
  readonly workload: Workload;
  /** The container's port. */
  readonly number: number;
  readonly accepted: Accepted;
}

/** Somebody without a certificate of the mesh who calls ports of pods, as an object in the files says. */
export interface Call {
  readonly by: 'api-server' | 'prometheus' | 'load-balancer' | 'ingress';
  readonly object: KubeObject;
  /** Where it says so. */
  readonly path: Path;
  readonly targets: readonly Target[];
  /** The Service's port, where it is called by one. */
  readonly port: ServicePort | undefined;
  /** What is called, for a sentence. */
  readonly to: string;
  /** What follows when the call is refused, for a sentence; empty where that is plain. */
  readonly consequence: string;
  /** Inputs on which it rests that the caller is outside. Default: none. */
  readonly restsOn?: readonly InputName[];
  /** The caller may be in the mesh after all. */
  readonly unsure?: true;
}
