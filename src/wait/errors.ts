import type { TimedOut } from '../mesh/wait/timed-out.ts';
import { adviseOnTimedOut, describeTimedOut } from '../mesh/wait/timed-out.ts';

const remedies = {
  longer: 'timeoutMs',
  withoutSidecar: "mode 'optional'",
  otherAdmin: 'adminUrl',
  otherReady: 'readyUrl',
  otherProof: "proof 'live'",
  otherMesh: (names: readonly string[]) => `mesh ${names.map((name) => `'${name}'`).join(', ')}`,
  goOn: "mode 'optional'",
} as const;

/** The sidecar, or what else was waited for, was not ready in time. */
export class MeshTimeoutError extends Error {
  override readonly name = 'MeshTimeoutError';
  readonly code = 'MESH_TIMEOUT';
  /** What was not ready: `sidecar`, `Linkerd sidecar`, or an address of `waitFor`. */
  readonly subject: string;
  /** Why not, when last asked: `http://localhost:15000/ready says 503`. */
  readonly reason: string;
  readonly waitedMs: number;
  /** Questions asked, of all that was waited for. */
  readonly probes: number;

  constructor(outcome: TimedOut) {
    const message = `${describeTimedOut(outcome)}; ${adviseOnTimedOut(outcome, remedies)}`;
    super(message, { cause: new Error(outcome.reason) });
    this.subject = outcome.subject;
    this.reason = outcome.reason;
    this.waitedMs = outcome.waitedMs;
    this.probes = outcome.probes;
  }
}
