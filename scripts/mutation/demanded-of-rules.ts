import { mutationTargets } from './rooms.ts';

/** What docs/how-sure.md says of the mutations of the rules. */
export function demandedOfRules(): string {
  const [{ demanded, demandedOfEach }] = mutationTargets.check;
  return `Of the changes to the rules at least ${demanded} % must be found, and of those to any single file ${demandedOfEach} %.`;
}
