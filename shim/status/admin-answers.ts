import type { ConfigStatus, SidecarStatus } from './sidecar-status.ts';

type Stats = ReadonlyMap<string, number>;

const workersStat = 'listener_manager.workers_started';

/** One request for all numbers. Envoy matches it as a regular expression of RE2. */
export const statFilter =
  '^(listener_manager.workers_started|listener_manager.total_listeners_active|cluster_manager.active_clusters|(listener_manager.lds|cluster_manager.cds).update_(success|rejected))$';

/** Reads `NAME: NUMBER`, a line each. */
export function parseStats(text: string): Stats {
  const stats = new Map<string, number>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(': ');
    const value = Number(line.slice(colon + 2));
    if (colon > 0 && Number.isFinite(value)) stats.set(line.slice(0, colon), value);
  }
  return stats;
}

export function workersStarted(stats: Stats): boolean | null {
  return stats.has(workersStat) ? stats.get(workersStat) === 1 : null;
}

/** Of listeners or clusters: `active` is the stat of those there are, `source` begins the stats of what has been received. */
export function configStatus(stats: Stats, active: string, source: string): ConfigStatus | null {
  const count = stats.get(active);
  if (count === undefined) return null;
  return {
    active: count,
    updates: stats.get(`${source}.update_success`) ?? 0,
    rejected: stats.get(`${source}.update_rejected`) ?? 0,
  };
}

/** Seconds since the start, out of /server_info: `"uptime_current_epoch": "75s"`. */
export function parseUptime(infoText: string): number | null {
  const document = parseJson(infoText) as { uptime_current_epoch?: unknown } | null | undefined;
  const text = document?.uptime_current_epoch;
  const seconds = typeof text === 'string' && text.endsWith('s') ? Number(text.slice(0, -1)) : Number.NaN;
  return Number.isFinite(seconds) ? seconds : null;
}

/** Counts what /certs lists; null where it lists nothing of the kind. */
export function parseCertificates(text: string): SidecarStatus['certificates'] {
  const document = parseJson(text) as { certificates?: unknown } | null | undefined;
  if (!Array.isArray(document?.certificates)) return null;
  const chains = document.certificates.flatMap((entry: { cert_chain?: unknown } | null) =>
    Array.isArray(entry?.cert_chain) ? entry.cert_chain : [],
  );
  const days = chains
    .map((chain: { days_until_expiration?: unknown } | null) => chain?.days_until_expiration)
    .map((days) => (typeof days === 'string' || typeof days === 'number' ? Number(days) : Number.NaN))
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
