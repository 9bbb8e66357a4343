import type { Rule } from './shared/rule.ts';
import { clashingPorts } from './shared/shared-targets.ts';

export const portMixed: Rule = {
  id: 'port-mixed',
  severity: 'error',
  title: 'One Service that declares one container port as two protocols',
  why: 'The sidecar can have one listener for the port only: the other one is rejected, and its traffic is handled as the wrong protocol.',
  fix: 'Two container ports, or one protocol.',
  docs: [],
  check: (cluster) => clashingPorts(cluster, true),
};
