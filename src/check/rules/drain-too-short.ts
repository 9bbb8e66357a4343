import { proxyConfigAnnotation } from '../model/annotation-values.ts';
import { drainSeconds } from '../model/injection.ts';
import { annotate } from './shared/annotations.ts';
import { preStopSeconds } from './shared/pre-stop.ts';
import type { Rule } from './shared/rule.ts';
import { isNotNative, restsOn } from './shared/sidecar-order.ts';
import { nativeAvailable, startInOrder } from './shared/start-order.ts';

export const drainTooShort: Rule = {
  id: 'drain-too-short',
  severity: 'warning',
  title: 'A preStop hook that outlasts a classic sidecar',
  why: 'A classic sidecar ends terminationDrainDuration (5 s) after SIGTERM, whatever the app is still doing. While the hook goes on, the app has no proxy: its calls and those of its clients are refused.',
  fix: 'A native sidecar, which ends after the app; else `EXIT_ON_ZERO_ACTIVE_CONNECTIONS: "true"` in proxyMetadata, or a longer terminationDrainDuration.',
  docs: [
    'It reads `sleep` hooks and `sleep N` in exec hooks. terminationGracePeriodSeconds alone does not say how long the app needs, so it is not enough for a finding.',
  ],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      if (!isNotNative(workload)) continue;
      const { template, object } = workload;
      const drain = drainSeconds(template, cluster.inputs);
      if (/EXIT_ON_ZERO_ACTIVE_CONNECTIONS['"]?:\s*['"]?true/.test(template.annotations[proxyConfigAnnotation] ?? ''))
        continue;
      for (const { name, data, path } of template.containers) {
        const sleep = preStopSeconds(data);
        if (sleep <= drain) continue;
        yield {
          object,
          path: [...path, 'lifecycle', 'preStop'],
          message: `The preStop hook of "${name}" takes ${sleep} s, and the sidecar ends after ${drain} s: the rest of the shutdown has no network.`,
          restsOn: [...restsOn(workload), 'drainSeconds'],
          fix: nativeAvailable(cluster.inputs)
            ? startInOrder(workload, cluster.inputs)
            : {
                title: 'let the sidecar stay until its connections are gone',
                certain: false,
                changes: [
                  annotate(
                    workload,
                    proxyConfigAnnotation,
                    'proxyMetadata:\n  EXIT_ON_ZERO_ACTIVE_CONNECTIONS: "true"\n',
                  ),
                ],
              },
        };
      }
    }
  },
};
