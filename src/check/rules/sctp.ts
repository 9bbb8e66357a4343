import { unguarded } from './shared/datagrams.ts';
import type { Rule } from './shared/rule.ts';

export const sctp: Rule = {
  id: 'sctp',
  severity: 'warning',
  title: 'An SCTP port in the mesh that no NetworkPolicy guards',
  why: 'Sidecars carry TCP only. SCTP bypasses them: no mTLS, no AuthorizationPolicy, whatever the mesh is set to.',
  fix: 'A NetworkPolicy that says who may send; the fix generates one.',
  docs: ['The network plugin must support SCTP in policies; not all do.'],
  check: (cluster) => unguarded(cluster, 'SCTP'),
};
