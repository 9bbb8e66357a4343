import { type Fix, remove, rename } from '../fix/fix.ts';
import { targetOf } from '../model/cluster.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

export const paPort: Rule = {
  id: 'pa-port',
  severity: 'error',
  title: "portLevelMtls with a Service's port instead of the container's",
  why: 'portLevelMtls takes container ports. A Service port that leads to another container port matches nothing, and the mode is not what the policy says.',
  fix: "The container's port, to which the Service's targetPort leads.",
  docs: [],
  *check(cluster) {
    for (const { object, selector } of cluster.policies()) {
      if (selector === undefined) continue;
      const workloads = cluster.selected(object.namespace, selector);
      for (const key of Object.keys(dict(dict(object.data.spec).portLevelMtls))) {
        if (workloads.some(({ ports }) => ports.some(({ number }) => String(number) === key))) continue;
        const target = workloads
          .flatMap((workload) =>
            cluster
              .servicesOf(workload)
              .flatMap((service) => service.ports.map((port) => ({ port, number: targetOf(port, workload) }))),
          )
          .find(
            ({ port, number }) => String(port.port) === key && number !== undefined && number !== port.port,
          )?.number;
        if (target === undefined) continue;
        const path = ['spec', 'portLevelMtls', key];
        yield {
          object,
          path,
          message: `Nothing listens on container port ${key}: the Service's port ${key} leads to ${target}, whose mode stays as it was.`,
          fix: moveTo(object, key, String(target)),
        };
      }
    }
  },
};

function moveTo(object: KubeObject, key: string, target: string): Fix {
  const path = ['spec', 'portLevelMtls', key];
  // Which of the two modes is meant, the files do not say; the one that counts stays.
  if (dict(dict(object.data.spec).portLevelMtls)[target] !== undefined)
    return { title: `remove it: ${target} has a mode of its own`, certain: false, changes: [remove(object, path)] };
  return { title: `write ${target}`, certain: true, changes: [rename(object, path, target)] };
}
