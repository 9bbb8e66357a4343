import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/** The servers that tests start, and the shells that complete commands in them, with the Debian package of each. */
export const serverPackages = {
  haproxy: 'haproxy',
  nginx: 'nginx-light',
  postgres: 'postgresql',
  mariadbd: 'mariadb-server',
  'redis-server': 'redis-server',
  'rabbitmq-server': 'rabbitmq-server',
  'docker-registry': 'docker-registry',
  zsh: 'zsh',
  fish: 'fish',
} as const;

export type ServerName = keyof typeof serverPackages;

/**
 * Where this server is installed. Debian keeps servers in /usr/sbin, which is not on every PATH, and some in folders of their own; RabbitMQ's
 * there is the server itself, where the one in /usr/sbin insists on its system user.
 */
export function findServer(name: ServerName): string | undefined {
  const folders = [
    '/usr/lib/rabbitmq/bin',
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    ...postgresFolders(),
  ];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Of each installed major version, the newest first. */
function postgresFolders(): string[] {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, 'bin'));
}
