import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/** The servers of the examples, with the Debian package of each. */
export const serverPackages = { haproxy: 'haproxy', nginx: 'nginx-light' } as const;

export type ServerName = keyof typeof serverPackages;

/** Where this server is installed. Debian keeps servers in /usr/sbin, which is not on every PATH. */
export function findServer(name: ServerName): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
