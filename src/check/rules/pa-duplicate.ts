import { removeObject } from '../fix/fix.ts';
import { workloadPolicies } from '../model/mtls.ts';
import { hasOwnNamespace } from '../model/routing/own-namespace.ts';
import type { KubeObject } from '../read/manifest.ts';
import type { Rule } from './shared/rule.ts';

export const paDuplicate: Rule = {
  id: 'pa-duplicate',
  severity: 'warning',
  title: 'Two PeerAuthentications of the same scope for one pod',
  why: 'Istio takes the oldest and ignores the other: they are not merged, and the files do not say which is older.',
  fix: 'One policy with the settings of both.',
  docs: ['Info where the two are in several files and say no namespace: each goes where it is applied.'],
  *check(cluster) {
    const reported = new Set<KubeObject>();
    for (const workload of cluster.workloads) {
      const [first, ...others] = workloadPolicies(cluster, workload);
      for (const object of others) {
        if (first === undefined || reported.has(object)) continue;
        reported.add(object);
        yield problem(object, first, `select the pods of ${workload.object.kind} ${workload.object.name}`);
      }
    }
    const whole = new Map<string, KubeObject>();
    for (const { object, selector } of cluster.policies()) {
      if (selector !== undefined) continue;
      const first = whole.get(object.namespace);
      if (first === undefined) whole.set(object.namespace, object);
      else if (first.name !== object.name) {
        const isOneFile = first.document.source === object.document.source;
        const isSettled = [first, object].every((one) => hasOwnNamespace(one, cluster.inputs.namespace));
        // What says no namespace goes where it is applied: two files may go to two.
        const isGuess = !isOneFile && !isSettled;
        const both = `are for all of namespace ${object.namespace}${isGuess ? ', if both are applied there' : ''}`;
        yield { ...problem(object, first, both), ...(isGuess && { severity: 'info' }) };
      }
    }
  },
};

function problem(object: KubeObject, first: KubeObject, both: string) {
  return {
    object,
    path: ['metadata', 'name'],
    message: `"${first.name}" and "${object.name}" ${both}: the older one counts, the other does nothing.`,
    fix: { title: `remove ${object.name}`, certain: false, changes: [removeObject(object)] },
  };
}
