import { ambientCauses } from './ambient-causes.ts';
import type { Cause } from './cause.ts';
import { clientCauses } from './client-causes.ts';
import { connectionCauses } from './connection-causes.ts';
import { controlPlaneCauses } from './control-plane-causes.ts';
import { exitCauses } from './exit-causes.ts';
import { kubernetesCauses } from './kubernetes-causes.ts';
import { limitCauses } from './limit-causes.ts';
import { policyCauses } from './policy-causes.ts';
import { protocolCauses } from './protocol-causes.ts';
import { routingCauses } from './routing-causes.ts';
import { tlsCauses } from './tls-causes.ts';

/** Everything that can be explained, by id. A person may give the id as well: `mesh-shim explain app-refused`. */
const table = {
  ...connectionCauses,
  ...tlsCauses,
  ...routingCauses,
  ...policyCauses,
  ...limitCauses,
  ...protocolCauses,
  ...clientCauses,
  ...kubernetesCauses,
  ...exitCauses,
  ...controlPlaneCauses,
  ...ambientCauses,
};

export type CauseId = keyof typeof table;

export const causes: Readonly<Record<CauseId, Cause>> = table;

export const causeIds = Object.keys(table) as CauseId[];

export function isCauseId(text: string): text is CauseId {
  return Object.hasOwn(table, text);
}
