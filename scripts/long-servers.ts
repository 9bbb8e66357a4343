import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The servers of the long tests: no Debian package has them, so `npm run setup -- --long` builds and fetches them into .cache. */
const cache = join(import.meta.dirname, '..', '.cache');

/** Apache Kafka's jars, for Java 17. The version is that of scripts/kafka/pom.xml. */
export const kafkaJars = join(cache, 'kafka');

/** FerretDB on SQLite, which speaks MongoDB's protocol. The version is that of scripts/ferretdb/go.mod. */
export const ferretdbBinary = join(cache, 'ferretdb', 'ferretdb');

export type LongServerName = 'kafka' | 'ferretdb';

export function hasLongServer(name: LongServerName): boolean {
  return existsSync(name === 'kafka' ? kafkaJars : ferretdbBinary);
}
