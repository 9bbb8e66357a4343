import { isCaptured } from '../model/cluster.ts';
import { rewriteAnnotation } from '../model/injection.ts';
import { annotate } from './shared/annotations.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const probeTcpBlind: Rule = {
  id: 'probe-tcp-blind',
  severity: 'warning',
  title: 'A tcpSocket probe that is not rewritten',
  why: 'The sidecar accepts the connection whether the app listens or not: the probe always succeeds, and a dead app stays in the Service.',
  fix: 'Let Istio rewrite the probes (`sidecar.istio.io/rewriteAppHTTPProbers: "true"`), or probe by httpGet.',
  docs: [],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { injection, object } = workload;
      if (injection.injected !== true || injection.rewritesProbes) continue;
      for (const probe of workload.template.containers.flatMap(({ probes }) => probes)) {
        if (probe.kind !== 'tcpSocket' || probe.port === undefined || !isCaptured(workload, probe.port)) continue;
        yield {
          object,
          path: probe.path,
          message: `The ${probe.field} always succeeds: the sidecar accepts the connection, not the app.`,
          restsOn: [...memberBy(workload), 'probeRewrite'],
          fix: {
            title: 'let Istio rewrite the probes',
            certain: true,
            changes: [annotate(workload, rewriteAnnotation, 'true')],
          },
        };
      }
    }
  },
};
