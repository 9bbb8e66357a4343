import type { Workload } from '../model/cluster.ts';
import type { Container } from '../model/pod.ts';
import { templateKey } from './shared/annotations.ts';
import type { Rule } from './shared/rule.ts';
import { isClassic, isFirst, restsOn } from './shared/sidecar-order.ts';
import { startInOrder } from './shared/start-order.ts';

export const startupUnprotected: Rule = {
  id: 'startup-unprotected',
  severity: 'error',
  title: 'A pod with a classic sidecar and nothing that makes the app wait for it',
  why: 'The app and its sidecar start at the same moment, and the traffic is redirected before the sidecar listens. For about 0.3 s, longer when many pods start at once, every call of the app is refused (ECONNREFUSED). An app that ends at its first failed call restarts, often twice.',
  fix: 'A native sidecar (`sidecar.istio.io/nativeSidecar: "true"`, Kubernetes 1.29 or newer); else `holdApplicationUntilProxyStarts: true` in `proxy.istio.io/config`; else start the app through mesh-shim.',
  docs: [
    'An error where a command of the app calls others when it starts (curl, psql, a migration, `--leader-elect`); a warning where it is told of a server that apps connect to when they start (databases, caches, brokers), by a variable such as DATABASE_URL or an argument; else an info: nothing in the manifest tells what it does.',
    'Silent for images and commands that only serve or wait (nginx, redis, postgres, `sleep`).',
    'Silent for a pod whose containers all start their app through mesh-shim or another tool that waits (scuttle, linkerd-await, `pilot-agent wait`, a script that asks port 15021), and for Jobs, which have the rule job-never-ends.',
    'With native sidecars set to `auto`, Istio 1.27 and newer makes them native where *every* kubelet is 1.33 or newer: say so with `--kubernetes`, and the rule is silent.',
  ],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      if (!isClassic(workload) && !isFirst(workload)) continue;
      if (workload.life === 'ends') continue;
      const early = earliest(workload);
      if (early === undefined) continue;
      const { level, sign } = early.calls;
      const why = isFirst(workload)
        ? "the installation's own proxy lifecycle has replaced the hold's hook, so nothing waits"
        : 'nothing makes the app wait for its sidecar';
      yield {
        object: workload.object,
        path: templateKey(workload),
        message:
          level === 'unknown'
            ? `Calls that the app makes when it starts, if any, are refused: ${why}.`
            : `The app's first calls are refused: ${why}, and ${sign}.`,
        severity: severities[level],
        restsOn: restsOn(workload),
        fix: startInOrder(workload, cluster.inputs),
      };
    }
  },
};

const severities = { sure: 'error', likely: 'warning', unknown: 'info', none: 'info' } as const;

/** The container that is most likely to call others when it starts; undefined: none of them does. */
function earliest({ template }: Workload): Container | undefined {
  const open = template.containers.filter(({ launcher }) => !launcher?.waits);
  const levels = ['sure', 'likely', 'unknown'] as const;
  return levels.flatMap((level) => open.filter(({ calls }) => calls.level === level))[0];
}
