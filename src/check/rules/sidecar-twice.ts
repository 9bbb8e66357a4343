import type { Rule } from './shared/rule.ts';
import { selectedTwice } from './shared/selected-twice.ts';

export const sidecarTwice: Rule = {
  id: 'sidecar-twice',
  severity: 'error',
  title: 'Two Sidecars for the same pods',
  why: 'A pod gets one Sidecar, never two merged: the oldest. What the other one imports or opens is missing, and which is the oldest changes when one is made anew.',
  fix: 'One Sidecar without `workloadSelector` a namespace, and one more for each set of pods that needs its own.',
  docs: [
    'A warning where the two are in several files, which may be alternatives; info where these say no namespace: each goes where it is applied.',
  ],
  check: (cluster) => selectedTwice(cluster, cluster.ofKind('Sidecar'), ['spec', 'workloadSelector', 'labels']),
};
