import type { Operation } from '../check/edit/operation.ts';
import type { KubeObject } from '../check/read/manifest.ts';
import type { ImageConfig } from '../images/image-config.ts';
import type { Way } from './pod-parts.ts';
import type { ContainerRecord } from './record.ts';

export const preloads = ['never', 'unknown', 'node'] as const;

export interface WrapOptions {
  readonly way: Way;
  /** The image of mesh-shim; the layer needs none. */
  readonly image: string;
  /** Which containers get the preload in NODE_OPTIONS, and keep their command. */
  readonly preload: (typeof preloads)[number];
  /** Containers after whose end the sidecar is told to quit, in pods of several. */
  readonly quitAfter: readonly string[];
  /** Pods may not choose their user. */
  readonly anyUser: boolean;
}

/** What is known of an image: its config, or why it could not be read. */
export type KnownImage = ImageConfig | { readonly unreadable: string };
export type KnownImages = ReadonlyMap<string, KnownImage>;

/** What becomes of a container or a workload. */
export type Outcome =
  /** It starts behind mesh-shim now. */
  | 'wrapped'
  /** Another tool was replaced by mesh-shim. */
  | 'migrated'
  /** What wrap has put in was taken out. */
  | 'undone'
  /** It started behind mesh-shim before. */
  | 'done'
  /** It needs no change. */
  | 'kept'
  /** It needs one, and got none. */
  | 'left';

export interface ContainerPlan {
  readonly name: string;
  readonly outcome: Outcome;
  /** What was done, or why it was not. */
  readonly why: string;
  /** The image that it hangs on. */
  readonly image?: string | undefined;
  /** What it starts, before and after. */
  readonly before?: readonly string[] | undefined;
  readonly after?: readonly string[] | undefined;
  /** What people should know besides. */
  readonly notes: readonly string[];
  readonly operations: readonly Operation[];
  readonly record?: ContainerRecord | undefined;
}

export interface WorkloadPlan {
  readonly object: KubeObject;
  readonly world: string | undefined;
  readonly outcome: Outcome;
  /** Why nothing is done, where that holds for the whole workload. */
  readonly why: string | undefined;
  readonly containers: readonly ContainerPlan[];
  readonly notes: readonly string[];
  readonly operations: readonly Operation[];
}
