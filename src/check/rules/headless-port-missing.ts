import { append } from '../fix/fix.ts';
import { targetOf } from '../model/cluster.ts';
import { effectiveMtls } from '../model/mtls.ts';
import { statefulPairs } from './shared/headless-services.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const headlessPortMissing: Rule = {
  id: 'headless-port-missing',
  severity: 'error',
  title: "A StatefulSet's port that its headless Service does not name",
  why: 'Members call each other by pod. Calls to a port that no headless Service names pass through without mTLS, and a member that is STRICT refuses them: the cluster (ZooKeeper, Cassandra, ...) does not form.',
  fix: 'Name every port of the pods in the headless Service.',
  docs: [
    'An error under STRICT, else an info. Ports named metrics or prom... are left out: members do not call each other there.',
  ],
  *check(cluster) {
    for (const [workload, service] of statefulPairs(cluster)) {
      const named = cluster
        .servicesOf(workload)
        .filter(({ headless }) => headless)
        .flatMap(({ ports }) => ports.map((port) => targetOf(port, workload)));
      for (const { number, name, protocol } of workload.ports) {
        if (protocol !== 'TCP' || named.includes(number) || /metrics|prom/.test(name ?? '')) continue;
        const strict = effectiveMtls(cluster, workload, number).mode === 'STRICT';
        yield {
          object: service.object,
          path: ['spec', 'ports'],
          message: `Port ${number}${name ? ` (${name})` : ''} of the members is not named here: calls to it have no mTLS${strict ? ', and the members are STRICT' : ''}.`,
          severity: strict ? 'error' : 'info',
          restsOn: memberBy(workload),
          fix: {
            title: `name port ${number}`,
            certain: true,
            changes: [
              append(service.object, ['spec', 'ports'], {
                name: `tcp-${name?.replace(/^tcp-/, '') ?? number}`,
                port: number,
              }),
            ],
          },
        };
      }
    }
  },
};
