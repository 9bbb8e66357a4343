import { formatDuration } from '../../src/text/durations.ts';
import type { ConfigStatus, SidecarStatus } from './sidecar-status.ts';

/** What a sidecar says of itself, for people: a line for each thing. */
export function describeStatus(status: SidecarStatus): string {
  const lines: [string, string][] = [
    ['mesh', status.meshVersion === null ? status.mesh : `${status.mesh} ${status.meshVersion}`],
    ['ready', `${status.ready ? 'yes' : 'no'}: ${status.reason}`],
    ['state', status.state ?? 'unknown'],
    ['version', status.version ?? 'unknown'],
    ['node', status.nodeId ?? 'unknown'],
    ['since', sinceText(status)],
    ['workers', status.workersStarted === null ? 'unknown' : status.workersStarted ? 'started' : 'not started'],
    ['listeners', configText(status.listeners)],
    ['clusters', configText(status.clusters)],
    ['certificates', certificatesText(status.certificates)],
    ...status.findings.map(({ finding, responseFlag }): [string, string] => [
      'finding',
      `${finding}; see npx mesh-shim explain ${responseFlag}`,
    ]),
  ];
  return lines.map(([name, text]) => `${`${name}:`.padEnd(14)}${text}\n`).join('');
}

function sinceText({ startedAt, uptimeSeconds }: SidecarStatus): string {
  if (startedAt === null || uptimeSeconds === null) return 'unknown';
  return `${startedAt} (up for ${formatDuration(uptimeSeconds * 1000)})`;
}

function configText(config: ConfigStatus | null): string {
  if (!config) return 'unknown';
  const rejected = config.rejected > 0 ? `, ${config.rejected} rejected: look into the log of the sidecar` : '';
  const received = config.updates > 0 ? `${config.updates} updates received` : 'nothing received from a control plane';
  return `${config.active} active, ${received}${rejected}`;
}

function certificatesText(certificates: SidecarStatus['certificates']): string {
  if (!certificates) return 'unknown';
  if (certificates.count === 0) return 'none';
  const days = certificates.daysUntilExpiration;
  return `${certificates.count} present${days === null ? '' : `, the first expires in ${days} days`}`;
}
