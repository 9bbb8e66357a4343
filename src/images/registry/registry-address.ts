import { BlockList, isIP } from 'node:net';

/** Whose API is where: `docker.io` is a name in references, and no registry answers there. */
const apiHosts: Readonly<Record<string, string>> = { 'docker.io': 'registry-1.docker.io' };

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** @param hostname as URL has it */
export function isLoopback(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '');
  const version = isIP(name);
  return version === 0 ? name === 'localhost' : loopback.check(name, version === 4 ? 'ipv4' : 'ipv6');
}

/** The origin of the API of this registry: http for this machine and for what is said to speak it, else https. */
export function apiOrigin(host: string, plainHttp: readonly string[] = []): URL {
  const address = apiHosts[host] ?? host;
  const { hostname } = new URL(`http://${address}`);
  return new URL(`${isLoopback(hostname) || plainHttp.includes(host) ? 'http' : 'https'}://${address}`);
}
