import { dict } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';
import { isClassic, restsOn } from './shared/sidecar-order.ts';
import { startInOrder } from './shared/start-order.ts';

export const poststartHttp: Rule = {
  id: 'poststart-http',
  severity: 'warning',
  title: 'A postStart httpGet in a pod with a classic sidecar',
  why: 'The kubelet calls the hook right after the container has started, when the sidecar does not listen yet: the call is refused, and a failed postStart kills the container.',
  fix: 'A native sidecar, or one that the app is held back for.',
  docs: [],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      if (!isClassic(workload)) continue;
      for (const { name, data, path } of workload.template.containers) {
        if (dict(dict(data.lifecycle).postStart).httpGet === undefined) continue;
        yield {
          object: workload.object,
          path: [...path, 'lifecycle', 'postStart', 'httpGet'],
          message: `The postStart call of "${name}" comes before the sidecar listens: it is refused, and the container is killed.`,
          restsOn: restsOn(workload),
          fix: startInOrder(workload, cluster.inputs),
        };
      }
    }
  },
};
