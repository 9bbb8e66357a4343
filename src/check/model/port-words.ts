/** What a port speaks, as far as somebody can tell who does not see its traffic. */
export type Spoken = 'http' | 'http2' | 'grpc' | 'https' | 'tls' | 'tcp';

/** Words in the names of ports, the first group that has one decides: `redis-metrics` is HTTP, `otlp-http` no gRPC. */
const wordGroups: readonly (readonly [Spoken, readonly string[]])[] = [
  ['https', ['https', 'ssl']],
  ['tls', ['tls', 'mtls']],
  ['http2', ['http2', 'h2c']],
  [
    'http',
    [
      ...['http', 'web', 'www', 'rest', 'api', 'graphql', 'ui', 'gui', 'dashboard', 'console', 'frontend', 'portal'],
      ...['metrics', 'metric', 'prom', 'prometheus', 'exporter', 'telemetry', 'monitor', 'monitoring'],
      ...['health', 'healthz', 'healthcheck', 'status', 'probe', 'probes', 'readiness', 'liveness', 'actuator'],
      ...['management', 'pprof', 'debug', 'profiling', 'zipkin', 'loki', 'proxy', 'websocket', 'ws', 'swagger'],
    ],
  ],
  ['grpc', ['grpc', 'otlp', 'xds']],
  [
    'tcp',
    [
      ...['tcp', 'mysql', 'mariadb', 'postgres', 'postgresql', 'pgsql', 'pgbouncer', 'redis', 'valkey', 'sentinel'],
      ...['mongo', 'mongodb', 'amqp', 'amqps', 'kafka', 'broker', 'nats', 'mqtt', 'stomp', 'smtp', 'ssh', 'sftp'],
      ...['ftp', 'imap', 'pop3', 'ldap', 'ldaps', 'zookeeper', 'memcached', 'memcache', 'cassandra', 'cql', 'db'],
      ...['database', 'sql', 'mssql', 'thrift', 'peer', 'peers', 'raft', 'gossip', 'cluster', 'election', 'epmd'],
      ...['jgroups', 'serf', 'rpc', 'syslog', 'socks', 'dns', 'vnc', 'telnet', 'nfs', 'rtmp', 'sip', 'jmx', 'rmi'],
    ],
  ],
];

/** Where a name says nothing: what is most often found on a port, and words that number and name leave open. */
const usualPorts: readonly (readonly [Spoken, readonly number[]])[] = [
  [
    'http',
    [
      ...[80, 2112, 3000, 3100, 4000, 4200, 4318, 5000, 5601, 8000, 8001, 8008, 8080, 8081, 8082, 8083, 8088, 8090],
      ...[8200, 8500, 8888, 9000, 9090, 9091, 9093, 9100, 9200, 9411, 9464, 10254, 15672, 16686],
    ],
  ],
  ['https', [443, 4443, 6443, 8443, 9443, 10250]],
  ['grpc', [4317, 9095, 14250, 50051]],
  ['tls', [636, 993, 995, 5671, 6514, 8883]],
  [
    'tcp',
    [
      ...[21, 22, 23, 25, 53, 110, 111, 119, 139, 143, 389, 445, 587, 1433, 1521, 1883, 2049, 2181, 2525, 2888, 3306],
      ...[3888, 4190, 4222, 4369, 5432, 5672, 5900, 6032, 6033, 6379, 7000, 7800, 7946, 9042, 9092, 9300, 11211],
      ...[16379, 25672, 26379, 27017],
    ],
  ],
];

/** The words of a name: `web-http`, `webHttp8080` and `web_http` have web and http. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .flatMap((part) => [part, part.replace(/\d+$/, '')])
    .filter((part, index, all) => part !== '' && all.indexOf(part) === index);
}

/** What a name says of the protocol, and the word that does. */
export function spokenByName(name: string): { readonly spoken: Spoken; readonly word: string } | undefined {
  const words = wordsOf(name);
  for (const [spoken, known] of wordGroups) {
    const word = words.find((candidate) => known.includes(candidate));
    if (word !== undefined) return { spoken, word };
  }
  return undefined;
}

/** What is usually found on a port. */
export function spokenByNumber(port: number): Spoken | undefined {
  return usualPorts.find(([, ports]) => ports.includes(port))?.[0];
}
