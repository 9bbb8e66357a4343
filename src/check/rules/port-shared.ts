import type { Rule } from './shared/rule.ts';
import { clashingPorts } from './shared/shared-targets.ts';

export const portShared: Rule = {
  id: 'port-shared',
  severity: 'warning',
  title: 'Two Services that lead to one container port and declare different protocols',
  why: 'The sidecar of the pod handles a port in one way only: the oldest Service decides, and what the other declares is not what happens.',
  fix: 'One protocol for one port; where both are needed, a port for each.',
  docs: [],
  check: (cluster) => clashingPorts(cluster, false),
};
