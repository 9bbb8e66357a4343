import { formatTimestamp } from '../../text/timestamp.ts';
import type { Certificates, ConfigStatus } from './admin-answers.ts';

/** What a sidecar tells of itself, as far as something may be wrong with it. */
export interface SidecarFacts {
  readonly state: string | null;
  readonly listeners: ConfigStatus | null;
  readonly clusters: ConfigStatus | null;
  readonly certificates: Certificates | null;
  /** Null where it has no control plane, or does not tell. */
  readonly connected: boolean | null;
}

/** Something about a sidecar that will fail requests; `mesh-shim explain CAUSE` says what to do. */
export interface SidecarFinding {
  readonly finding: string;
  readonly cause: 'certificate-expired' | 'config-rejected' | 'no-listeners' | 'istiod-unreachable';
}

/** What is wrong with a sidecar although it may run: most urgent first. */
export function findingsOf(facts: SidecarFacts, nowMs: number): SidecarFinding[] {
  const { state, listeners, clusters, certificates, connected } = facts;
  const findings: SidecarFinding[] = [];
  const end = certificates?.expiresAt;
  if (end && hasPassed(end, nowMs)) {
    findings.push({ finding: `a certificate has expired (${end}): mTLS fails`, cause: 'certificate-expired' });
  }
  if (listeners && listeners.rejected > 0) {
    findings.push({ finding: `${listeners.rejected} updates of listeners rejected`, cause: 'config-rejected' });
  } else if (listeners?.active === 0 && state === 'LIVE') {
    findings.push({ finding: 'LIVE without a listener: nothing is let through', cause: 'no-listeners' });
  }
  if (clusters && clusters.rejected > 0) {
    findings.push({ finding: `${clusters.rejected} updates of clusters rejected`, cause: 'config-rejected' });
  }
  if (connected === false) {
    findings.push({ finding: 'no connection to the control plane', cause: 'istiod-unreachable' });
  }
  return findings;
}

/** Times of UTC in this form are in the order of their texts; a fraction of a second does not count. */
function hasPassed(time: string, nowMs: number): boolean {
  return time.slice(0, 19) <= formatTimestamp(nowMs).slice(0, 19);
}
