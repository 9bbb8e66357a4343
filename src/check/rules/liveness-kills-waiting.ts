import { set } from '../fix/fix.ts';
import type { Rule } from './shared/rule.ts';
import { livenessPatience, startupProbeFor } from './shared/startup-probe.ts';

export const livenessKillsWaiting: Rule = {
  id: 'liveness-kills-waiting',
  severity: 'warning',
  title: 'An app that waits for its sidecar, with a livenessProbe and no startupProbe',
  why: 'While mesh-shim, or another tool that waits, holds the app back, nothing answers the livenessProbe. When the sidecar takes longer than the probe allows, the kubelet kills the waiting container, and the wait starts again.',
  fix: 'A startupProbe with the same action: the livenessProbe starts only when it has succeeded.',
  docs: ['Measured: periodSeconds 1 and failureThreshold 3 gave 2 restarts in 14 s, with a startupProbe none.'],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { object, template, injection } = workload;
      if (injection.injected !== true || injection.mode === 'native') continue;
      for (const { data, path, launcher } of template.containers) {
        if (!launcher?.waits || launcher.refused !== undefined) continue;
        const startupProbe = startupProbeFor(data);
        if (startupProbe === undefined) continue;
        yield {
          object,
          path: [...path, 'livenessProbe'],
          message: `The kubelet kills the waiting app after ${livenessPatience(data)} s without a sidecar.`,
          restsOn: injection.restsOn,
          fix: {
            title: 'add a startupProbe',
            certain: true,
            changes: [set(object, [...path, 'startupProbe'], startupProbe)],
          },
        };
      }
    }
  },
};
