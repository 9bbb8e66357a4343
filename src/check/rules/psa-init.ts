import { memberBy } from './shared/member-by.ts';
import { enforcedLevel, enforceLabel } from './shared/pod-security.ts';
import type { Rule } from './shared/rule.ts';

export const psaInit: Rule = {
  id: 'psa-init',
  severity: 'error',
  title: 'Sidecars without istio-cni in a namespace that enforces baseline or restricted',
  why: 'istio-init needs NET_ADMIN, NET_RAW and root. Pod Security admission sees the injected pod and refuses it: the Deployment applies, and no pod appears.',
  fix: 'Install istio-cni, which does this on the node; then set `cni: true` in mesh-shim.yaml.',
  docs: [],
  *check(cluster) {
    if (cluster.inputs.cni) return;
    for (const object of cluster.ofKind('Namespace')) {
      const level = enforcedLevel(object);
      if (level !== 'baseline' && level !== 'restricted') continue;
      const refused = cluster
        .selected(object.name, {})
        .filter(({ injection }) => injection.injected === true && injection.init === 'istio-init');
      if (refused.length === 0) continue;
      const names = [...new Set(refused.map((workload) => workload.object.name))];
      yield {
        object,
        path: ['metadata', 'labels', enforceLabel],
        message: `Pods of ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' and others' : ''} are refused: "${level}" forbids what istio-init needs.`,
        restsOn: [...memberBy(...refused), 'cni'],
        fix: { title: 'install istio-cni', certain: false, changes: [], inputs: { cni: true } },
      };
    }
  },
};
