import { removeObject } from '../fix/fix.ts';
import type { Rule } from './shared/rule.ts';

export const pspDead: Rule = {
  id: 'psp-dead',
  severity: 'error',
  title: 'A PodSecurityPolicy',
  why: 'Kubernetes 1.25 removed it: the API server does not know the kind, and the apply fails.',
  fix: 'Pod Security Standards: the label `pod-security.kubernetes.io/enforce` on the namespace; with istio-cni if it is baseline or restricted.',
  docs: [],
  *check(cluster) {
    for (const object of cluster.ofKind('PodSecurityPolicy')) {
      yield {
        object,
        path: ['kind'],
        message: 'The apply fails: Kubernetes has no PodSecurityPolicy any more.',
        fix: { title: 'remove it', certain: false, changes: [removeObject(object)] },
      };
    }
  },
};
