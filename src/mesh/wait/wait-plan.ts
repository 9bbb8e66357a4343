import type { Endpoint } from '../ask/endpoint.ts';
import { createEndpointGate } from './endpoint-gate.ts';
import type { Gate } from './gate.ts';
import type { Mode } from './presence.ts';
import { createSidecarGate, type MeshSelection } from './sidecar-gates.ts';
import type { WaitTarget } from './target.ts';

/** What to wait for and how, as flags, variables or options of the library set it. */
export interface PlanSettings {
  readonly mesh: MeshSelection;
  /** Overrides the admin of each Envoy-based profile. */
  readonly adminUrl: Endpoint | undefined;
  /** Must say 200 as well, instead of the profile's own readiness address. */
  readonly readyUrl: Endpoint | undefined;
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
  readonly mode: Mode;
  /** The whole wait in milliseconds; 0: without limit. */
  readonly timeoutMs: number;
  /** One request in milliseconds; 0: without limit of its own. */
  readonly probeTimeoutMs: number;
  readonly intervalMs: number;
}

/** Makes the gates, which remember: each wait needs a plan of its own. */
export function createWaitPlan(settings: PlanSettings): WaitPlan {
  const { mesh, adminUrl, readyUrl, waitFor, mode, timeoutMs, probeTimeoutMs, intervalMs } = settings;
  return {
    sidecars: mesh.map((name) => createSidecarGate(name, { admin: adminUrl, ready: readyUrl })),
    others: waitFor.map(createEndpointGate),
    mode,
    timeoutMs,
    probeTimeoutMs,
    intervalMs,
  };
}
