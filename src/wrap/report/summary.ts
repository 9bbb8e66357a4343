import type { Outcome, WorkloadPlan } from '../plan.ts';

/** How many workloads there are of each outcome. */
export type Summary = Readonly<Record<Outcome, number>> & { readonly workloads: number };

export function summarize(plans: readonly WorkloadPlan[]): Summary {
  const count = (outcome: Outcome) => plans.filter((plan) => plan.outcome === outcome).length;
  return {
    workloads: plans.length,
    ...{ wrapped: count('wrapped'), migrated: count('migrated'), undone: count('undone'), done: count('done') },
    ...{ kept: count('kept'), left: count('left') },
  };
}
