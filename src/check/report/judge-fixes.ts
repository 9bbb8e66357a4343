import { completeFix } from '../fix/complete-fix.ts';
import type { Fix } from '../fix/fix.ts';
import { PortNames } from '../fix/port-names.ts';
import { valueAt } from '../read/values.ts';
import { severities } from '../rules/shared/rule.ts';
import type { FoundProblem } from './find-problems.ts';
import { FixSelection } from './fix-selection.ts';
import type { Candidate, FixTrial } from './fix-trial.ts';

/** What comes of a rule's fix. */
export interface JudgedFix {
  /** As it is offered, with all that must change with it. */
  readonly fix?: Fix;
  /** Why it is not offered, as the end of a sentence. */
  readonly refused?: string;
}

/**
 * Which fixes are offered: those after which every object is as valid as before, the problem is gone and no other one has
 * come. They are tried together, since people run all that is printed: first those that `--fix` writes, then the others
 * beside them, the worst problems first.
 */
export function judgeFixes(
  problems: readonly FoundProblem[],
  makeTrial: () => FixTrial,
): ReadonlyMap<FoundProblem, JudgedFix> {
  const verdicts = new Map<FoundProblem, JudgedFix>();
  const claims = new PortNames();
  const candidates = problems.flatMap((entry): Candidate[] => {
    const { problem, cluster } = entry;
    if (problem.fix === undefined) return [];
    const fix = completeFix(problem.fix, cluster, claims);
    const clash = renamesOnto(fix);
    if (clash !== undefined) verdicts.set(entry, { refused: `would write the key "${clash}" twice` });
    // What only the installation can cure cannot be tried.
    else if (fix.changes.length === 0 && fix.creates === undefined) verdicts.set(entry, { fix });
    else return [{ entry, fix }];
    return [];
  });
  if (candidates.length === 0) return verdicts;
  const rank = ({ entry: { rule, problem } }: Candidate) => severities.indexOf(problem.severity ?? rule.severity);
  const ordered = candidates.toSorted((a, b) => rank(a) - rank(b));
  const selection = new FixSelection(makeTrial());
  selection.add(ordered.filter(({ fix }) => fix.certain));
  selection.add(ordered.filter(({ fix }) => !fix.certain));
  for (const { entry, fix } of selection.accepted) verdicts.set(entry, { fix });
  for (const [{ entry }, refused] of selection.refused) verdicts.set(entry, { refused });
  return verdicts;
}

function renamesOnto({ changes }: Fix): string | undefined {
  return changes
    .flatMap(({ object, edit }) =>
      edit.op === 'rename' && valueAt(object.data, [...edit.path.slice(0, -1), edit.to]) !== undefined ? [edit.to] : [],
    )
    .at(0);
}
