type Stats = ReadonlyMap<string, number>;

export interface ConfigStatus {
  readonly active: number;
  /** How many configurations the sidecar has taken from its control plane, and how many it has refused. */
  readonly updates: number;
  readonly rejected: number;
}

export interface Certificates {
  readonly count: number;
  /** When the first of them ends, as Envoy writes it: `2026-03-01T09:30:00Z`. */
  readonly expiresAt: string | null;
}

const workersStat = 'listener_manager.workers_started';
const connectedStat = 'control_plane.connected_state';

/** One request for all numbers. Envoy matches it as a regular expression of RE2. */
export const statFilter =
  '^(control_plane.connected_state|listener_manager.workers_started|listener_manager.total_listeners_active|cluster_manager.active_clusters|(listener_manager.lds|cluster_manager.cds).update_(success|rejected))$';

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

/** Whether a control plane is connected; null for a sidecar that has none, or does not tell. */
export function controlPlaneConnected(stats: Stats): boolean | null {
  return stats.has(connectedStat) ? stats.get(connectedStat) === 1 : null;
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

/** What /certs lists of chains, and when the first of them ends; null where it lists nothing of the kind. */
export function parseCertificates(text: string): Certificates | null {
  const document = parseJson(text) as { certificates?: unknown } | null | undefined;
  if (!Array.isArray(document?.certificates)) return null;
  const chains = document.certificates.flatMap((entry: { cert_chain?: unknown } | null) =>
    Array.isArray(entry?.cert_chain) ? entry.cert_chain : [],
  );
  // Days are of no use: of a certificate for 24 hours, as Istio issues them, less than one is left from the start.
  const ends = chains
    .map((chain: { expiration_time?: unknown } | null) => chain?.expiration_time)
    .filter((time) => typeof time === 'string' && time[10] === 'T' && time.endsWith('Z'))
    .sort() as string[];
  return { count: chains.length, expiresAt: ends[0] ?? null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an admin that answers 200 with something else tells nothing
  }
}
