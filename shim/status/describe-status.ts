import type { Certificates, ConfigStatus } from '../../src/mesh/admin/admin-answers.ts';
import { formatDuration } from '../../src/text/durations.ts';
import { plural } from '../../src/text/plural.ts';
import type { SidecarStatus } from './sidecar-status.ts';

/** What a sidecar says of itself, for people: a line for each thing that it tells. */
export function describeStatus(status: SidecarStatus): string {
  if (status.sidecar === 'absent')
    return `${status.mesh === 'unknown' ? '' : `${status.mesh}: `}no sidecar: ${status.reason}\n`;
  if (status.sidecar === 'ambient') return `ambient: ${status.reason}\n`;
  const { state, nodeId, workersStarted, listeners, clusters, certificates, controlPlane, findings } = status;
  const lines: [string, string | null][] = [
    ['mesh', status.meshVersion === null ? status.mesh : `${status.mesh} ${status.meshVersion}`],
    ['ready', `${status.ready ? 'yes' : 'no'}: ${status.reason}`],
    ['state', state],
    ['version', status.version === null ? null : versionText(status.version)],
    ['node', nodeId],
    ['since', sinceText(status)],
    ['workers', workersStarted === null ? null : workersStarted ? 'started' : 'not started'],
    ['listeners', listeners && configText(listeners)],
    ['clusters', clusters && configText(clusters)],
    ['control plane', controlPlane === null ? null : controlPlane ? 'connected' : 'not connected'],
    ['certificates', certificates && certificatesText(certificates)],
    ...findings.map(({ finding, cause }): [string, string] => [
      'finding',
      `${finding}; see npx mesh-shim explain ${cause}`,
    ]),
  ];
  return lines.map(([name, text]) => (text === null ? '' : `${`${name}:`.padEnd(15)}${text}\n`)).join('');
}

/** Envoy names its commit, its version, and how it was built: `COMMIT/1.40.0/Clean/RELEASE/BoringSSL`. */
function versionText(version: string): string {
  const number = version.split('/')[1];
  return number === undefined ? version : `Envoy ${number}`;
}

function sinceText({ startedAt, uptimeSeconds }: SidecarStatus): string | null {
  if (startedAt === null || uptimeSeconds === null) return null;
  return `${startedAt} (up for ${formatDuration(uptimeSeconds * 1000)})`;
}

function configText(config: ConfigStatus): string {
  const rejected = config.rejected > 0 ? `, ${config.rejected} rejected: see the log of the sidecar` : '';
  const received =
    config.updates > 0 ? `${plural(config.updates, 'update')} received` : 'nothing received from a control plane';
  return `${config.active} active, ${received}${rejected}`;
}

function certificatesText({ count, expiresAt }: Certificates): string {
  if (count === 0) return 'none';
  return expiresAt === null ? `${count} present` : `${count} present, valid until ${expiresAt}`;
}
