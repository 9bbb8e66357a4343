import { FindingFix } from '../fix/finding-fix.ts';
import type { FoundProblem } from './find-problems.ts';
import type { Finding } from './finding.ts';
import type { JudgedFix } from './judge-fixes.ts';

/** A finding with the fix that is offered; where it is not, with what to do instead. */
export function withFix(
  finding: Finding,
  entry: FoundProblem | undefined,
  verdicts: ReadonlyMap<FoundProblem, JudgedFix>,
): Finding {
  const { fix, refused } = (entry && verdicts.get(entry)) ?? {};
  if (fix !== undefined) return { ...finding, fix: new FindingFix(fix) };
  if (refused === undefined || entry === undefined) return finding;
  return {
    ...finding,
    byHand: `No fix is offered: "${entry.problem.fix?.title}" ${refused}. By hand: ${entry.rule.fix}`,
  };
}
