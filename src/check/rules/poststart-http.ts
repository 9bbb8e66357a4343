import { isCaptured, type Workload } from '../model/cluster.ts';
import type { Container } from '../model/pod.ts';
import { type Dict, dict, int } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';
import { isClassic, restsOn } from './shared/sidecar-order.ts';
import { startInOrder } from './shared/start-order.ts';

export const poststartHttp: Rule = {
  id: 'poststart-http',
  severity: 'warning',
  title: 'A postStart httpGet in a pod with a classic sidecar',
  why: 'The kubelet calls the hook right after the container has started, when the sidecar does not listen yet: the call is refused, and a failed postStart kills the container.',
  fix: 'A native sidecar, or one that the app is held back for.',
  docs: ['Silent for a port that the sidecar does not capture, and for a call to another `host`.'],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      if (!isClassic(workload)) continue;
      for (const container of workload.template.containers) {
        const { name, data, path } = container;
        const { httpGet } = dict(dict(data.lifecycle).postStart);
        if (httpGet === undefined || !reachesSidecar(workload, container, dict(httpGet))) continue;
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

/** Whether the call is to a port of the pod that is redirected; a name that no port of the container has may be any. */
function reachesSidecar(workload: Workload, { ports }: Container, { host, port }: Dict): boolean {
  if (host !== undefined) return false;
  const number = int(port) ?? ports.find(({ name }) => name === port)?.number;
  return number === undefined || isCaptured(workload, number);
}
