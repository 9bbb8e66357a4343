import type { AddressInfo, Server } from 'node:net';
import process from 'node:process';
import { HealthServerError } from './errors.ts';

/** What the system says where there is no IPv6: the family is not built in, or it is turned off. */
const noIpv6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EPROTONOSUPPORT']);

/**
 * Listens on every address of the pod: `::`, which takes IPv4 too, or `0.0.0.0` where there is no IPv6. Loopback alone
 * would not do: Istio's agent and the kubelet come by the pod's address.
 *
 * @throws HealthServerError when the port cannot be had
 */
export async function listen(server: Server, port: number, host?: string): Promise<AddressInfo> {
  // Node throws it where nobody can catch it.
  if (mayNotUseNetwork()) {
    throw new HealthServerError('HEALTH_LISTEN_FAILED', `cannot listen on port ${port}: ${permissionAdvice}`);
  }
  try {
    return await listenOn(server, port, host ?? '::');
  } catch (error) {
    if (host !== undefined || !noIpv6.has(codeOf(error))) throw listenError(error, port, host);
  }
  try {
    return await listenOn(server, port, '0.0.0.0');
  } catch (error) {
    throw listenError(error, port, '0.0.0.0');
  }
}

const permissionAdvice = 'this process may not use the network: start Node with --allow-net beside --permission';

/** Older Nodes know no such permission, and say of what they do not know that it is not given. */
function mayNotUseNetwork(): boolean {
  return process.permission?.has('net') === false && process.allowedNodeEnvironmentFlags.has('--allow-net');
}

function listenOn(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Exclusive: in a cluster the workers would share the port, and a probe would reach any one of them.
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

function listenError(cause: unknown, port: number, host: string | undefined): HealthServerError {
  if (codeOf(cause) === 'EADDRINUSE') {
    const message = `port ${port} is in use, by another health server of this process or its cluster (see the option "cluster"), or by another program; set the option "port", or find the owner with: ss -ltnp 'sport = :${port}'`;
    return new HealthServerError('HEALTH_PORT_IN_USE', message, { cause });
  }
  const where = host === undefined ? `port ${port}` : `port ${port} of ${host}`;
  const message = `cannot listen on ${where}: ${cause instanceof Error ? cause.message : String(cause)}; set the option "port" or "host"`;
  return new HealthServerError('HEALTH_LISTEN_FAILED', message, { cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
