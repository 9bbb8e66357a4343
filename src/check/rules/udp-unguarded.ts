import { unguarded } from './shared/datagrams.ts';
import type { Rule } from './shared/rule.ts';

export const udpUnguarded: Rule = {
  id: 'udp-unguarded',
  severity: 'warning',
  title: 'A UDP port in the mesh that no NetworkPolicy guards',
  why: 'Sidecars carry TCP only. UDP bypasses them: no mTLS, no AuthorizationPolicy, whatever the mesh is set to.',
  fix: 'A NetworkPolicy that says who may send; the fix generates one.',
  docs: ['`mesh-shim template udp-network-policy` prints the same policy.'],
  check: (cluster) => unguarded(cluster, 'UDP'),
};
