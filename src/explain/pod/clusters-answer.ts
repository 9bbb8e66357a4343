import { isDict, parseJson, textOf } from '../read/json.ts';

/** A cluster as /clusters?format=json tells of it. */
export interface ClusterSeen {
  readonly name: string;
  readonly hosts: readonly HostSeen[];
}

export interface HostSeen {
  /** IP:PORT, or the path of a socket. */
  readonly address: string;
  readonly ejected: boolean;
  /** As its control plane says, or a health check. */
  readonly healthy: boolean;
  /** Connections that were tried, those that failed, and requests that ran into their timeout. */
  readonly connections: number;
  readonly connectFailures: number;
  readonly timeouts: number;
}

/** Reads what of it is well-formed; an answer that is none gives no cluster. */
export function readClusters(text: string): readonly ClusterSeen[] {
  const document = parseJson(text);
  const list = isDict(document) && Array.isArray(document.cluster_statuses) ? document.cluster_statuses : [];
  return list.filter(isDict).flatMap((status) => {
    const name = textOf(status.name);
    const hosts = Array.isArray(status.host_statuses) ? status.host_statuses.filter(isDict) : [];
    return name === undefined ? [] : [{ name, hosts: hosts.map(readHost) }];
  });
}

function readHost({ address, stats, health_status }: Readonly<Record<string, unknown>>): HostSeen {
  const counts = new Map<string, number>();
  for (const stat of Array.isArray(stats) ? stats.filter(isDict) : []) {
    counts.set(textOf(stat.name) ?? '', Number(textOf(stat.value) ?? 0));
  }
  const health = isDict(health_status) ? health_status : {};
  const eds = textOf(health.eds_health_status) ?? 'HEALTHY';
  return {
    address: addressOf(address),
    ejected: health.failed_outlier_check === true,
    healthy: health.failed_active_health_check !== true && ['HEALTHY', 'UNKNOWN', 'DEGRADED'].includes(eds),
    connections: counts.get('cx_total') ?? 0,
    connectFailures: counts.get('cx_connect_fail') ?? 0,
    timeouts: counts.get('rq_timeout') ?? 0,
  };
}

function addressOf(address: unknown): string {
  const { socket_address: socket, pipe } = isDict(address) ? address : {};
  if (isDict(socket)) return `${textOf(socket.address) ?? '?'}:${textOf(socket.port_value) ?? '?'}`;
  return isDict(pipe) ? (textOf(pipe.path) ?? '?') : '?';
}
