import { set } from '../fix/fix.ts';
import { dict, int } from '../read/values.ts';
import { statefulPairs } from './shared/headless-services.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

/** Systems whose members meet before they report ready. */
const meetFirst =
  /zookeeper|cassandra|scylla|etcd|consul|rabbitmq|elasticsearch|opensearch|cockroach|kafka|hazelcast|ignite|nats|patroni|galera|mongo|redis-cluster|valkey-cluster|nacos|vault/;

export const headlessNotReady: Rule = {
  id: 'headless-not-ready',
  severity: 'warning',
  title: 'A cluster whose members must meet before they are ready, and cannot',
  why: 'A headless Service lists ready pods only, and the sidecar knows no others. Members that must find each other to become ready never do.',
  fix: '`publishNotReadyAddresses: true` on the headless Service.',
  docs: ['It looks at StatefulSets with more than one member and an image that is known for it.'],
  *check(cluster) {
    for (const [workload, { object, publishNotReady }] of statefulPairs(cluster)) {
      if (publishNotReady || (int(dict(workload.object.data.spec).replicas) ?? 1) < 2) continue;
      const image = workload.template.containers.find((container) => meetFirst.test(container.image))?.image;
      if (image === undefined) continue;
      yield {
        object,
        path: ['spec', 'clusterIP'],
        message: `Members of ${workload.object.name} (${image}) cannot find each other before they are ready.`,
        restsOn: memberBy(workload),
        fix: {
          title: 'publish them all',
          certain: false,
          changes: [set(object, ['spec', 'publishNotReadyAddresses'], true)],
        },
      };
    }
  },
};
