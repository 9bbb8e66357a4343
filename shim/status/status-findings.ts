import type { SidecarStatus, StatusFinding } from './sidecar-status.ts';

/** What is wrong with a sidecar although it may run: most urgent first. */
export function findingsOf({ state, listeners, clusters, certificates }: Facts): StatusFinding[] {
  const findings: StatusFinding[] = [];
  const days = certificates?.daysUntilExpiration ?? null;
  if (days !== null && days <= 0) {
    findings.push({ finding: 'a certificate has expired: mTLS fails', responseFlag: 'UF' });
  }
  if (listeners && listeners.rejected > 0) {
    findings.push({ finding: `${listeners.rejected} updates of listeners rejected`, responseFlag: 'NR' });
  } else if (listeners?.active === 0 && state === 'LIVE') {
    findings.push({ finding: 'LIVE without a listener: nothing is let through', responseFlag: 'NR' });
  }
  if (clusters && clusters.rejected > 0) {
    findings.push({ finding: `${clusters.rejected} updates of clusters rejected`, responseFlag: 'NC' });
  }
  return findings;
}

type Facts = Pick<SidecarStatus, 'state' | 'listeners' | 'clusters' | 'certificates'>;
