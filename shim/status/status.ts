import { type Asker, createAsker } from '../../src/mesh/ask/asker.ts';
import type { CancelSignal } from '../../src/mesh/ask/cancel.ts';
import { type Endpoint, withPath } from '../../src/mesh/ask/endpoint.ts';
import { parseServerInfo, type ServerInfo } from '../../src/mesh/ask/server-info.ts';
import type { Gate } from '../../src/mesh/wait/gate.ts';
import { adminOf, createSidecarGate, type MeshSelection, profileOf } from '../../src/mesh/wait/sidecar-gates.ts';
import { formatDuration } from '../../src/text/durations.ts';
import { formatTimestamp } from '../../src/text/timestamp.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import type { Settings } from '../options.ts';
import { withEndingSignals } from '../small-commands.ts';
import type { ConfigStatus, SidecarStatus } from './sidecar-status.ts';
import { findingsOf } from './status-findings.ts';

/** `status`: exit code 0 when every sidecar is ready, else 1. */
export async function statusCommand(host: Host, settings: Settings, json: boolean): Promise<number> {
  return withEndingSignals(host, async (signal) => {
    const asker = createAsker(host.transport, host.clock);
    const examine = (mesh: MeshSelection[number]) => examineSidecar(mesh, { host, settings, asker, signal });
    const statuses = await Promise.all(settings.mesh.map(examine));
    asker.close();
    if (json) host.print(`${JSON.stringify(statuses.length === 1 ? statuses[0] : statuses, null, 2)}\n`);
    else host.print(statuses.map(describe).join('\n') || 'no sidecar is looked for (--mesh none)\n');
    return statuses.every(({ ready }) => ready) ? 0 : exitCodes.notReady.code;
  });
}

interface Context {
  readonly host: Host;
  readonly settings: Settings;
  readonly asker: Asker;
  readonly signal: CancelSignal;
}

async function examineSidecar(mesh: MeshSelection[number], context: Context): Promise<SidecarStatus> {
  const { settings, host } = context;
  const profile = profileOf(mesh);
  const gate = createSidecarGate(mesh, { admin: settings.adminUrl, ready: settings.readyUrl });
  const verdict = await judgeOnce(gate, context);
  const admin = adminOf(profile, settings.adminUrl);
  const get = (path: string) => (admin ? fetchText(withPath(admin, path), context) : undefined);
  const infoText = await get('/server_info');
  const info = infoText === undefined ? undefined : parseServerInfo(infoText);
  const stats = info ? parseStats((await get(`/stats?filter=${statFilter}`)) ?? '') : undefined;
  const uptimeSeconds = info ? uptimeOf(infoText ?? '') : null;
  const facts = {
    state: info?.state ?? null,
    listeners: configStatus(stats, 'listener_manager.total_listeners_active', 'listener_manager.lds'),
    clusters: configStatus(stats, 'cluster_manager.active_clusters', 'cluster_manager.cds'),
    certificates: info ? parseCertificates(await get('/certs')) : null,
  };
  return {
    mesh: mesh === 'auto' ? meshNameOf(info) : mesh,
    ready: verdict.ready,
    reason: verdict.reason,
    state: facts.state,
    version: info?.version ?? null,
    meshVersion: info?.istio?.version ?? null,
    nodeId: info?.nodeId ?? null,
    startedAt: uptimeSeconds === null ? null : formatTimestamp(host.wallClockMs() - uptimeSeconds * 1000),
    uptimeSeconds,
    workersStarted: stats?.has(statNames.workers) ? stats.get(statNames.workers) === 1 : null,
    listeners: facts.listeners,
    clusters: facts.clusters,
    certificates: facts.certificates,
    findings: findingsOf(facts),
  };
}

async function judgeOnce(
  gate: Gate,
  { asker, settings, signal }: Context,
): Promise<{ ready: boolean; reason: string }> {
  for (;;) {
    const verdict = gate.observe(await asker.ask(gate.next(), settings.probeTimeoutMs, signal));
    if (verdict.kind === 'ready') return { ready: true, reason: verdict.proof };
    if (verdict.kind === 'not-yet' || signal.cancelled) {
      return { ready: false, reason: verdict.kind === 'not-yet' ? verdict.reason : 'interrupted' };
    }
  }
}

async function fetchText(endpoint: Endpoint, { asker, settings, signal }: Context): Promise<string | undefined> {
  const observation = await asker.ask({ kind: 'text', endpoint }, settings.probeTimeoutMs, signal);
  return observation.kind === 'reply' && observation.status === 200 ? observation.body : undefined;
}

function meshNameOf(info: ServerInfo | undefined): string {
  if (!info) return 'unknown';
  return info.istio ? 'istio' : 'envoy';
}

const statNames = { workers: 'listener_manager.workers_started' } as const;

/** One request for all numbers. Envoy matches it as a regular expression of RE2. */
const statFilter =
  '^(listener_manager.workers_started|listener_manager.total_listeners_active|cluster_manager.active_clusters|(listener_manager.lds|cluster_manager.cds).update_(success|rejected))$';

function parseStats(text: string): ReadonlyMap<string, number> {
  const stats = new Map<string, number>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(': ');
    const value = Number(line.slice(colon + 2));
    if (colon > 0 && Number.isFinite(value)) stats.set(line.slice(0, colon), value);
  }
  return stats;
}

function configStatus(
  stats: ReadonlyMap<string, number> | undefined,
  active: string,
  source: string,
): ConfigStatus | null {
  const count = stats?.get(active);
  if (count === undefined) return null;
  return {
    active: count,
    updates: stats?.get(`${source}.update_success`) ?? 0,
    rejected: stats?.get(`${source}.update_rejected`) ?? 0,
  };
}

/** `"uptime_current_epoch": "75s"`. */
function uptimeOf(infoText: string): number | null {
  const document = parseJson(infoText) as { uptime_current_epoch?: unknown } | undefined;
  const text = document?.uptime_current_epoch;
  const seconds = typeof text === 'string' && text.endsWith('s') ? Number(text.slice(0, -1)) : Number.NaN;
  return Number.isFinite(seconds) ? seconds : null;
}

function parseCertificates(text: string | undefined): SidecarStatus['certificates'] {
  const document = parseJson(text ?? '') as { certificates?: unknown } | undefined;
  if (!Array.isArray(document?.certificates)) return null;
  const chains = document.certificates.flatMap((entry: { cert_chain?: unknown }) =>
    Array.isArray(entry?.cert_chain) ? entry.cert_chain : [],
  );
  const days = chains
    .map((chain: { days_until_expiration?: unknown }) => Number(chain?.days_until_expiration))
    .filter((value) => Number.isFinite(value));
  return { count: chains.length, daysUntilExpiration: days.length === 0 ? null : Math.min(...days) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an admin that answers 200 with something else tells nothing
  }
}

function describe(status: SidecarStatus): string {
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
