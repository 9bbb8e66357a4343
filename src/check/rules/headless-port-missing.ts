import { append } from '../fix/fix.ts';
import { type Cluster, type Service, targetOf, type Workload } from '../model/cluster.ts';
import { peersOf, roleOfPort } from '../model/peer-ports.ts';
import { trafficOf } from '../model/traffic/traffic.ts';
import { dict, int } from '../read/values.ts';
import { statefulPairs } from './shared/headless-services.ts';
import type { Problem, Rule } from './shared/rule.ts';

export const headlessPortMissing: Rule = {
  id: 'headless-port-missing',
  severity: 'error',
  title: "A StatefulSet's port that its headless Service does not name",
  why: 'Members call each other by pod. Calls to a port that no headless Service names pass through without mTLS, and a member that is STRICT refuses them: the cluster (ZooKeeper, Cassandra, ...) does not form.',
  fix: 'Name the ports on which members call each other in the headless Service.',
  docs: [
    'Under STRICT an error for ports that are known to be for members: by the image, by a name such as peer, gossip or raft, or by a number such as 7800 (JGroups) or 25520 (Akka). Other declared ports are a warning. Without STRICT it is an info: calls work, without mTLS.',
    'Ports for others are left out: those with a name such as http, metrics, health or admin, and those of HTTP probes.',
    'Known servers open ports that nothing declares: Keycloak and Infinispan 7800 (Keycloak 26 also 57800), RabbitMQ 4369 and 25672, Redis Cluster 16379, etcd 2380, Elasticsearch and OpenSearch 9300, Cassandra 7000, ZooKeeper 2888 and 3888, Hazelcast 5701, Consul 8300 and 8301, NATS 6222, Ignite 47500 and 47100, Galera 4567, 4568 and 4444, Vault 8201. Where there is more than one member these are a warning under STRICT: they can be set to others, and a cluster need not be meant.',
  ],
  *check(cluster) {
    for (const [workload, service] of statefulPairs(cluster)) {
      const named = new Set(
        cluster
          .servicesOf(workload)
          .filter(({ headless }) => headless)
          .flatMap(({ ports }) => ports.map((port) => targetOf(port, workload))),
      );
      const declared = workload.ports.filter(({ protocol }) => protocol === 'TCP');
      for (const { number, name } of declared) {
        const role = roleOfPort(workload.template, { number, name });
        if (named.has(number) || role === 'others') continue;
        const what = `Port ${number}${name ? ` (${name})` : ''} of the members is not named here`;
        const severity = role === 'members' ? 'error' : 'warning';
        yield* problemOf(cluster, { workload, service, number, what, severity, name: name ?? String(number) });
      }
      if ((int(dict(workload.object.data.spec).replicas) ?? 1) < 2) continue;
      for (const { product, port } of peersOf(workload.template)) {
        const { number, use } = port;
        if (named.has(number) || declared.some((own) => own.number === number)) continue;
        const what = `Members of ${product} call each other on port ${number} (${use}), which is not named here`;
        // Without STRICT nothing fails, and nobody has said that these are used.
        if (trafficOf(cluster).accepted(workload, number).takes !== 'mtls') continue;
        yield* problemOf(cluster, { workload, service, number, what, severity: 'warning', name: String(number) });
      }
    }
  },
};

interface MissingPort {
  readonly workload: Workload;
  readonly service: Service;
  readonly number: number;
  readonly what: string;
  /** Under STRICT. */
  readonly severity: 'error' | 'warning';
  readonly name: string;
}

function* problemOf(
  cluster: Cluster,
  { workload, service, number, what, severity, name }: MissingPort,
): Iterable<Problem> {
  const { takes, restsOn } = trafficOf(cluster).accepted(workload, number);
  if (takes !== 'mtls' && takes !== 'both') return;
  const strict = takes === 'mtls';
  yield {
    object: service.object,
    path: ['spec', 'ports'],
    message: `${what}: calls to it have no mTLS${strict ? ', and the members are STRICT' : ''}.`,
    severity: strict ? severity : 'info',
    restsOn: strict ? restsOn : workload.injection.memberBy,
    fix: {
      title: `name port ${number}`,
      certain: severity === 'error',
      changes: [append(service.object, ['spec', 'ports'], { name: `tcp-${name.replace(/^tcp-/, '')}`, port: number })],
    },
  };
}
