import { FindingFix, identify } from '../fix/finding-fix.ts';
import { type Inputs, inputTable } from '../model/inputs.ts';
import type { ToldInputs } from '../model/told-inputs.ts';
import type { Position } from '../read/position.ts';
import type { Problem, Rule } from '../rules/shared/rule.ts';
import { docsPage, type Finding, type InputUse } from './finding.ts';

/** The inputs of a world: all of them, those that the caller gave, and those that its objects tell; the others are assumed. */
export interface KnownInputs {
  readonly inputs: Inputs;
  readonly given: Partial<Inputs>;
  readonly told: ToldInputs;
}

/** A rule's problem at its place. */
export function toFinding(
  rule: Rule,
  problem: Problem,
  position: Position & { readonly only: readonly string[] | undefined },
  { inputs, given, told }: KnownInputs,
): Finding {
  const uses = [...new Set(problem.restsOn)].map((input): InputUse => {
    const isGiven = Object.hasOwn(given, input);
    const by = isGiven ? undefined : told.get(input)?.by;
    return { input, value: String(inputs[input] ?? 'unknown'), given: isGiven, ...(by === undefined ? {} : { by }) };
  });
  const severity = problem.severity ?? rule.severity;
  const { line, column, only } = position;
  return {
    rule: rule.id,
    severity: severity === 'error' && uses.some(isGuess) ? 'warning' : severity,
    message: problem.message,
    object: identify(problem.object),
    file: problem.object.document.source.name,
    line,
    column,
    ...(only === undefined ? {} : { worlds: only }),
    path: spellPath(problem.path),
    restsOn: uses,
    ...(problem.fix === undefined ? {} : { fix: new FindingFix(problem.fix) }),
    docs: docsPage(rule.id),
  };
}

function isGuess({ input, given, by }: InputUse): boolean {
  return !given && by === undefined && inputTable.some(({ name, varies }) => name === input && varies);
}

function spellPath(path: Problem['path']): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : /^\w+$/.test(step) ? `.${step}` : `["${step}"]`))
    .join('')
    .replace(/^\./, '');
}
