import { FindingFix, identify } from '../fix/finding-fix.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Inputs } from '../model/inputs.ts';
import type { Position } from '../read/position.ts';
import type { Problem, Rule } from '../rules/shared/rule.ts';
import { docsPage, type Finding } from './finding.ts';
import { fingerprintOf } from './fingerprint.ts';
import { inputUses, isGuess } from './input-uses.ts';

/** A rule's problem at its place. `given`: the inputs that the caller gave; the others are assumed. */
export function toFinding(
  rule: Rule,
  problem: Problem,
  position: Position,
  cluster: Cluster,
  given: Partial<Inputs>,
): Finding {
  const { object } = problem;
  const severity = problem.severity ?? rule.severity;
  return {
    rule: rule.id,
    severity: severity === 'error' && isGuess(problem, cluster, given) ? 'warning' : severity,
    message: problem.message,
    object: identify(object),
    file: object.document.source.name,
    ...position,
    path: spellPath(problem.path),
    fingerprint: fingerprintOf(rule.id, object, problem.path),
    restsOn: inputUses(problem, cluster, given),
    ...(problem.fix === undefined ? {} : { fix: new FindingFix(problem.fix) }),
    docs: docsPage(rule.id),
  };
}

function spellPath(path: Problem['path']): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : /^\w+$/.test(step) ? `.${step}` : `["${step}"]`))
    .join('')
    .replace(/^\./, '');
}
