import type { Certificates, ConfigStatus } from '../../src/mesh/admin/admin-answers.ts';
import type { SidecarFinding } from '../../src/mesh/admin/sidecar-findings.ts';

/** What a sidecar says of itself. A field is null where it does not tell. */
export interface SidecarStatus {
  readonly mesh: string;
  /** `absent`: nothing listens where it should be; `ambient`: nor will it, the node carries the traffic of this pod. */
  readonly sidecar: 'present' | 'absent' | 'ambient';
  readonly ready: boolean;
  /** The proof, or why not. */
  readonly reason: string;
  readonly state: string | null;
  readonly version: string | null;
  readonly meshVersion: string | null;
  readonly nodeId: string | null;
  readonly startedAt: string | null;
  readonly uptimeSeconds: number | null;
  readonly workersStarted: boolean | null;
  readonly listeners: ConfigStatus | null;
  readonly clusters: ConfigStatus | null;
  readonly certificates: Certificates | null;
  /** Whether its control plane is connected. */
  readonly controlPlane: boolean | null;
  /** What is wrong with it although it may be ready. */
  readonly findings: readonly SidecarFinding[];
}
