import { list, text } from '../read/values.ts';
import type { Container, PodTemplate } from './pod.ts';

/** A port on which the members of a cluster call each other. */
export interface PeerPort {
  readonly number: number;
  /** What it is for, in the words of the product. */
  readonly use: string;
}

/** A server whose members call each other, known by its image. */
export interface PeerProduct {
  readonly name: string;
  /** Words of the image's last name, between hyphens. */
  readonly images: readonly string[];
  readonly ports: readonly PeerPort[];
  /** A word in the name of the image, the command or its arguments without which it has no such ports. */
  readonly needs?: string;
  readonly source: string;
}

/** The one table of servers whose members call each other. */
const peerProducts: readonly PeerProduct[] = [
  {
    name: 'Keycloak',
    images: ['keycloak', 'keycloakx'],
    ports: [{ number: 7800, use: 'JGroups' }],
    source: 'Keycloak 26, Configuring distributed caches: network ports',
  },
  {
    name: 'Infinispan',
    images: ['infinispan', 'datagrid'],
    ports: [{ number: 7800, use: 'JGroups' }],
    source: 'Infinispan 15, default-jgroups-tcp.xml',
  },
  {
    name: 'RabbitMQ',
    images: ['rabbitmq'],
    ports: [
      { number: 4369, use: 'epmd' },
      { number: 25_672, use: 'Erlang distribution' },
    ],
    source: 'RabbitMQ 4, Networking: port access',
  },
  {
    name: 'Redis Cluster',
    images: ['redis', 'valkey', 'keydb'],
    ports: [{ number: 16_379, use: 'cluster bus' }],
    needs: 'cluster-enabled',
    source: 'Redis 8, Cluster specification: the port of clients plus 10000',
  },
  {
    name: 'etcd',
    images: ['etcd'],
    ports: [{ number: 2380, use: 'peers' }],
    source: 'etcd 3.6, Configuration options: listen-peer-urls',
  },
  {
    name: 'Elasticsearch',
    images: ['elasticsearch', 'opensearch'],
    ports: [{ number: 9300, use: 'transport' }],
    source: 'Elasticsearch 9 and OpenSearch 3, Networking: transport.port',
  },
  {
    name: 'Cassandra',
    images: ['cassandra', 'scylla', 'dse'],
    ports: [{ number: 7000, use: 'members' }],
    source: 'Cassandra 5, cassandra.yaml: storage_port',
  },
  {
    name: 'ZooKeeper',
    images: ['zookeeper'],
    ports: [
      { number: 2888, use: 'followers' },
      { number: 3888, use: 'election' },
    ],
    source: "ZooKeeper 3.9, Administrator's Guide: server.x",
  },
  {
    name: 'Hazelcast',
    images: ['hazelcast'],
    ports: [{ number: 5701, use: 'members' }],
    source: 'Hazelcast 5, Port: default 5701',
  },
  {
    name: 'Consul',
    images: ['consul'],
    ports: [
      { number: 8300, use: 'server RPC' },
      { number: 8301, use: 'serf' },
    ],
    source: 'Consul 1.22, Required ports',
  },
  {
    name: 'NATS',
    images: ['nats'],
    ports: [{ number: 6222, use: 'routes' }],
    needs: 'cluster',
    source: 'NATS 2.12, Clustering: the port of the official image',
  },
  {
    name: 'Ignite',
    images: ['ignite', 'gridgain'],
    ports: [
      { number: 47_500, use: 'discovery' },
      { number: 47_100, use: 'communication' },
    ],
    source: 'Ignite 2.17, Network configuration',
  },
  {
    name: 'Galera',
    images: ['galera', 'pxc', 'xtradb'],
    ports: [
      { number: 4567, use: 'replication' },
      { number: 4568, use: 'incremental state transfer' },
      { number: 4444, use: 'state snapshot transfer' },
    ],
    source: 'Galera 4, Firewall settings',
  },
  {
    name: 'Vault',
    images: ['vault', 'openbao'],
    ports: [{ number: 8201, use: 'cluster' }],
    needs: 'raft',
    source: 'Vault 1.21, High availability: cluster_addr',
  },
];

/** Ports that frameworks in images of any name have for members. Sources: Akka 2.10 Artery, Pekko 1.2 Artery, and the table. */
const memberPorts: ReadonlySet<number> = new Set([
  ...peerProducts.flatMap(({ ports }) => ports.map(({ number }) => number)),
  ...[25_520, 17_355, 2552],
]);

/** Names of images beside a server of that name: they are clients of it. */
const helpers: readonly string[] = [
  ...['exporter', 'backup', 'operator', 'ui', 'dashboard', 'proxy', 'client', 'agent', 'init', 'tools', 'cli'],
  ...['bridge', 'connector', 'k8s', 'sentinel', 'config', 'reloader', 'box'],
];

/** Names of ports for members. */
const memberName =
  /peer|cluster|gossip|raft|epmd|dist|transport|intra|internode|elect|leader|follower|quorum|jgroups|serf|repl|member|remoting|artery|route/i;

/** Names of ports that members do not call each other on: people, probes, Prometheus. */
const otherName = /^https?\b|metrics|prom|health|admin|web|mgmt|management|probe|status|live|ready|\bui\b|console/i;

/** What a port of a pod is for, seen from the other members: as far as its image, its name, its number and its probes tell. */
export function roleOfPort(
  template: PodTemplate,
  { number, name = '' }: { readonly number: number; readonly name?: string | undefined },
): 'members' | 'others' | 'unknown' {
  if (peersOf(template).some(({ port }) => port.number === number)) return 'members';
  const probed = template.containers.some(({ probes }) =>
    probes.some((probe) => probe.kind === 'httpGet' && probe.port === number),
  );
  if (otherName.test(name)) return 'others';
  if (memberName.test(name)) return 'members';
  if (probed) return 'others';
  return memberPorts.has(number) ? 'members' : 'unknown';
}

/** The ports on which the members of a known server call each other, whether the template declares them or not. */
export function peersOf({ containers }: PodTemplate): { readonly product: string; readonly port: PeerPort }[] {
  return containers.flatMap((container) => {
    const product = productOf(container);
    return product === undefined ? [] : product.ports.map((port) => ({ product: product.name, port }));
  });
}

function productOf(container: Container): PeerProduct | undefined {
  const words = lastName(container.image).split(/[-_.]/);
  if (words.some((word) => helpers.includes(word))) return undefined;
  return peerProducts.find(
    ({ images, needs }) =>
      words.some((word) => images.includes(word)) && (needs === undefined || says(container, needs)),
  );
}

/** `redis` for `docker.io/library/redis:7@sha256:...`. */
function lastName(image: string): string {
  return (image.split('/').at(-1) ?? '').replace(/[:@].*$/, '').toLowerCase();
}

function says({ data, image }: Container, word: string): boolean {
  const words = [...list(data.command), ...list(data.args)].map((value) => text(value) ?? '');
  return image.includes(word) || words.some((value) => value.includes(word));
}
