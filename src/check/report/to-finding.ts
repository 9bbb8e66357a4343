import { identify } from '../fix/finding-fix.ts';
import type { Inputs } from '../model/inputs.ts';
import type { Position } from '../read/position.ts';
import type { Problem } from '../rules/shared/rule.ts';
import type { FoundProblem } from './find-problems.ts';
import { docsPage, type Finding } from './finding.ts';
import { fingerprintOf } from './fingerprint.ts';
import { inputUses, severityOf } from './input-uses.ts';

/** A rule's problem at its place, without its fix. `given`: the inputs that the caller gave; the others are told by objects, or assumed. */
export function toFinding(
  { rule, problem, cluster, only }: FoundProblem,
  { line, column }: Position,
  given: Partial<Inputs>,
): Finding {
  const { object } = problem;
  return {
    rule: rule.id,
    severity: severityOf(rule, problem, cluster, given),
    message: problem.message,
    object: identify(object),
    file: object.document.source.name,
    line,
    column,
    ...(only === undefined ? {} : { worlds: only }),
    path: spellPath(problem.path),
    fingerprint: fingerprintOf(rule.id, object, problem.path),
    restsOn: inputUses(problem, cluster, given),
    docs: docsPage(rule.id),
  };
}

function spellPath(path: Problem['path']): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : /^\w+$/.test(step) ? `.${step}` : `["${step}"]`))
    .join('')
    .replace(/^\./, '');
}
