import type { Mesh } from '../profiles/profiles.ts';

export interface Surroundings {
  readonly inKubernetes: boolean;
  /** The TCP ports on which something listens in this network namespace; undefined where that cannot be seen. */
  readonly listeningPorts: ReadonlySet<number> | undefined;
}

/** Why there is no sidecar to wait for. */
export interface Absence {
  readonly kind: 'no-sidecar' | 'ambient';
  readonly reason: string;
}

/** The sockets that Istio's ztunnel opens inside each ambient pod, and those that only a sidecar has. */
const ztunnelPorts = [15_001, 15_006, 15_008];
const sidecarPorts = [15_000, 15_021];

/**
 * Decides, while nothing listens where the sidecar should, whether one may still come. What is named will come, wherever this
 * is: but ztunnel takes the place of Istio's, and of no other.
 */
export function judgeAbsence(
  mesh: Mesh,
  { inKubernetes, listeningPorts }: Surroundings,
  nothing: string,
): Absence | undefined {
  if (mesh !== 'auto' && mesh !== 'istio') return undefined;
  if (
    listeningPorts &&
    ztunnelPorts.every((port) => listeningPorts.has(port)) &&
    !sidecarPorts.some((port) => listeningPorts.has(port))
  ) {
    return { kind: 'ambient', reason: 'an ambient pod: the node carries its traffic, there is no sidecar to wait for' };
  }
  if (inKubernetes || mesh !== 'auto') return undefined;
  return { kind: 'no-sidecar', reason: `no sidecar: ${nothing}, and this is not Kubernetes` };
}

/** A line of /proc/net/tcp or tcp6 in this state is a listening socket. */
const listenState = '0A';

/**
 * Reads the listening ports out of the texts of /proc/net/tcp and /proc/net/tcp6 (see proc_net_tcp in the kernel's docs),
 * of which the beginning is enough: Linux lists the listening sockets first, before connections by the thousand.
 */
export function parseListeningPorts(tables: readonly string[]): ReadonlySet<number> {
  const ports = new Set<number>();
  for (const table of tables) {
    for (const line of table.split('\n')) {
      const [, local, , state] = line.split(' ').filter((word) => word !== '');
      if (state !== listenState || !local) continue;
      const port = Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16);
      if (port > 0) ports.add(port);
    }
  }
  return ports;
}

/** Looks around: Kubernetes sets this variable in every pod, and the kernel shows the sockets of the pod's network. */
export function readSurroundings(
  kubernetesServiceHost: string | undefined,
  readTextFile: (path: string) => string | undefined,
): Surroundings {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6']
    .map((path) => readTextFile(path))
    .filter((table) => table !== undefined);
  return {
    inKubernetes: (kubernetesServiceHost ?? '') !== '',
    listeningPorts: tables.length === 0 ? undefined : parseListeningPorts(tables),
  };
}
