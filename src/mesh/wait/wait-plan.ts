import type { ReadVariable } from '../profiles/mesh-profile.ts';
import type { Mesh, MeshSelection } from '../profiles/profiles.ts';
import { createEndpointGate } from './endpoint-gate.ts';
import type { Gate } from './gate.ts';
import type { Mode } from './mode.ts';
import type { Proof } from './proof.ts';
import { createSidecarGates, type SidecarAddresses } from './sidecar-gates.ts';
import type { WaitTarget } from './target.ts';

/** What to wait for and how, as flags, variables or options of the library set it. */
export interface PlanSettings {
  readonly mesh: MeshSelection;
  /** Where a sidecar is asked, other than its profile says. */
  readonly addresses: ReadonlyMap<Mesh, SidecarAddresses>;
  readonly proof: Proof;
  /** Of the app's environment, where a mesh says something of its sidecar. */
  readonly read: ReadVariable;
  readonly waitFor: readonly WaitTarget[];
  readonly mode: Mode;
  readonly timeoutMs: number;
  readonly probeTimeoutMs: number;
  readonly intervalMs: number;
}

export interface WaitPlan {
  /** The sidecars: waited for together. */
  readonly sidecars: readonly Gate[];
  /** What else must be ready. Asked after the sidecars, since the way there leads through them. */
  readonly others: readonly Gate[];
  /** Of the app's environment, where a mesh says something of its sidecar. */
  readonly read: ReadVariable;
  readonly mode: Mode;
  /** The whole wait in milliseconds; 0: without limit. */
  readonly timeoutMs: number;
  /** One request in milliseconds; 0: without limit of its own. */
  readonly probeTimeoutMs: number;
  readonly intervalMs: number;
}

/** Makes the gates, which remember: each wait needs a plan of its own. */
export function createWaitPlan(settings: PlanSettings): WaitPlan {
  const { mesh, addresses, proof, read, waitFor, mode, timeoutMs, probeTimeoutMs, intervalMs } = settings;
  return {
    sidecars: mesh.flatMap((name) => createSidecarGates(name, { addresses: addresses.get(name), proof, read })),
    others: waitFor.map(createEndpointGate),
    read,
    mode,
    timeoutMs,
    probeTimeoutMs,
    intervalMs,
  };
}
