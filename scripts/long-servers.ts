import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sidecarBinary } from './sidecars/programs.ts';

/** The servers of the long tests: no Debian package has them, so `npm run setup -- --long` builds and fetches them into .cache. */
const cache = join(import.meta.dirname, '..', '.cache');

export const longServers = {
  /** Apache Kafka's jars, for Java 17. The version is that of scripts/kafka/pom.xml. */
  kafka: join(cache, 'kafka'),
  /** FerretDB on SQLite, which speaks MongoDB's protocol. The version is that of scripts/ferretdb/go.mod. */
  ferretdb: join(cache, 'ferretdb', 'ferretdb'),
  /** Real sidecars of other meshes. */
  daprd: sidecarBinary('daprd'),
  'cloud-sql-proxy': sidecarBinary('cloud-sql-proxy'),
} as const;

export type LongServerName = keyof typeof longServers;

export function hasLongServer(name: LongServerName): boolean {
  return existsSync(longServers[name]);
}
