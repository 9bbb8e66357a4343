import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** How many TCP connections to this port of loopback the test's own process holds, whatever their state. Linux only. */
export function socketsTo(port: number): number {
  return addressesTo(port).length;
}

/** The local addresses of those connections: by them a connection is known again. */
export function addressesTo(port: number): string[] {
  const own = new Set(readdirSync('/proc/self/fd').map(target));
  const remote = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return ['/proc/self/net/tcp', '/proc/self/net/tcp6']
    .flatMap((table) => readFileSync(table, 'utf8').trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , peer = '', , , , , , , inode]) => peer.endsWith(remote) && own.has(`socket:[${inode}]`))
    .map(([, local = '']) => local);
}

function target(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return ''; // that of the listing itself
  }
}
