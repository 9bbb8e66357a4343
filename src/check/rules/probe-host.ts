import { remove } from '../fix/fix.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const probeHost: Rule = {
  id: 'probe-host',
  severity: 'error',
  title: 'httpGet.host in a probe that Istio rewrites',
  why: "The rewritten probe keeps the host and gets the agent's port: the kubelet calls HOST:15020, where nobody listens (localhost is the node).",
  fix: 'Drop `host`: the kubelet then calls the pod. A Host header belongs in `httpHeaders`.',
  docs: [],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { object, template, injection } = workload;
      if (injection.injected !== true || !injection.rewritesProbes) continue;
      for (const probe of template.containers.flatMap(({ probes }) => probes)) {
        if (probe.kind !== 'httpGet' || probe.host === undefined) continue;
        yield {
          object,
          path: [...probe.path, 'host'],
          message: `The rewritten ${probe.field} calls ${probe.host}:${injection.statusPort}, where nobody listens.`,
          restsOn: [...memberBy(workload), 'probeRewrite'],
          fix: { title: 'drop host', certain: true, changes: [remove(object, [...probe.path, 'host'])] },
        };
      }
    }
  },
};
