import { wordsOf } from './port-words.ts';

/** Names of variables with an address in them. */
const addressName =
  /(^|_)(URLS?|URI|DSN|HOSTS?|ADDR|ADDRESS(ES)?|ENDPOINTS?|BROKERS?|(BOOTSTRAP)?SERVERS?|CONN(ECTION)?_?STRING)$/i;

/** Servers that an app connects to when it starts, and keeps the connection; others it calls when a request comes. */
const connected: ReadonlySet<string> = new Set([
  ...['db', 'database', 'datasource', 'jdbc', 'sql', 'postgres', 'postgresql', 'pg', 'mysql', 'mariadb', 'mongo'],
  ...['mongodb', 'redis', 'rediss', 'valkey', 'cache', 'memcached', 'kafka', 'bootstrap', 'broker', 'brokers', 'amqp'],
  ...[
    'amqps',
    'rabbit',
    'rabbitmq',
    'nats',
    'mqtt',
    'elastic',
    'elasticsearch',
    'opensearch',
    'cassandra',
    'clickhouse',
  ],
  ...['zookeeper', 'zk', 'zoo', 'etcd', 'consul', 'vault', 'eureka', 'temporal', 'cockroach', 'couchbase', 'scylla'],
]);

/** Names of the app's own address. */
const own = /(^|_)(BIND|LISTEN|PUBLIC|EXTERNAL|SELF|OWN|POD|NODE|ADVERTISED|EXPORTER)(_|$)/i;

const local = /^(localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1?|\[::1?\])?$/i;

const withScheme = /\b([a-z][a-z0-9+]*(?::[a-z0-9]+)?):\/\/(?:[^@/\s]*@)?([\w.-]+)/i;

const hostAndPort = /^(?:--?([\w.-]+)=)?([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*):\d{2,5}(?:,|$)/i;

/** What a container is told that it connects to at its start: a variable, or an argument; undefined: nothing. */
export function toldAddress(
  names: readonly string[],
  env: ReadonlyMap<string, string>,
  words: readonly string[],
): string | undefined {
  const variable = names.find((name) => {
    if (own.test(name)) return false;
    const value = env.get(name) ?? '';
    const isNamed = addressName.test(name) && isConnected(name);
    return (isNamed && (value === '' || !local.test(hostOf(value)))) || isAddress(value);
  });
  if (variable !== undefined) return `the variable ${variable}`;
  const word = words.find((one) => isAddress(one) || isHostAndPort(one));
  return word === undefined ? undefined : `the argument ${word.length > 40 ? `${word.slice(0, 40)}...` : word}`;
}

function isConnected(name: string): boolean {
  return wordsOf(name).some((word) => connected.has(word));
}

/** A URL of a kind of server that is connected to. */
function isAddress(text: string): boolean {
  const [, scheme = '', host] = withScheme.exec(text) ?? [];
  return host !== undefined && isConnected(scheme) && !local.test(host);
}

/** `kafka:9092`, or `--db=pg-1:5432`. */
function isHostAndPort(text: string): boolean {
  const [, flag = '', host] = hostAndPort.exec(text) ?? [];
  return host !== undefined && !local.test(host) && isConnected(`${flag} ${host}`);
}

/** `postgres://user@db:5432/x` and `db:5432` are of db. */
function hostOf(value: string): string {
  return value.replace(/^[a-z+:0-9]+:\/\/(?:[^@/]*@)?/i, '').split(/[:/]/)[0] ?? '';
}
