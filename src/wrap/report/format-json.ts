import { identify } from '../../check/fix/finding-fix.ts';
import type { WorkloadPlan } from '../plan.ts';
import { summarize } from './summary.ts';

/** Everything that the table says, for programs. `files`: those that are written, or would be. */
export function formatJson(plans: readonly WorkloadPlan[], files: readonly string[]): string {
  const workloads = plans.map(({ object, world, outcome, why, containers, notes }) => ({
    ...identify(object),
    file: object.document.source.name,
    ...(world !== undefined && { world }),
    outcome,
    ...(why !== undefined && { why }),
    containers: containers.map(({ operations: _, record: __, ...container }) => container),
    notes,
  }));
  return `${JSON.stringify({ summary: summarize(plans), files, workloads }, null, 2)}\n`;
}
