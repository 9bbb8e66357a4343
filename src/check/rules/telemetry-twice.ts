import { dict } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';
import { selectedTwice } from './shared/selected-twice.ts';

export const telemetryTwice: Rule = {
  id: 'telemetry-twice',
  severity: 'error',
  title: 'Two Telemetry objects for the same pods',
  why: 'Of those without labels one a namespace counts, and one more with labels for each pod: the oldest. What the other one asks for (tracing, metrics, logs) does not happen.',
  fix: 'One Telemetry with all settings.',
  docs: [
    'A warning where the two are in several files, which may be alternatives; info where these say no namespace: each goes where it is applied. Those with `targetRefs` are not looked at.',
  ],
  *check(cluster) {
    const all = cluster.ofKind('Telemetry').filter(({ data }) => {
      const { targetRef, targetRefs } = dict(data.spec);
      return targetRef === undefined && targetRefs === undefined;
    });
    yield* selectedTwice(cluster, all, ['spec', 'selector', 'matchLabels']);
  },
};
