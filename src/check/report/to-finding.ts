import { FindingFix, identify } from '../fix/finding-fix.ts';
import type { Cluster } from '../model/cluster.ts';
import { saidOfInjection } from '../model/injection-input.ts';
import { type InputName, type Inputs, inputTable } from '../model/inputs.ts';
import type { KubeObject } from '../read/manifest.ts';
import type { Position } from '../read/position.ts';
import type { Problem, Rule } from '../rules/shared/rule.ts';
import { docsPage, type Finding, type InputUse } from './finding.ts';
import { fingerprintOf } from './fingerprint.ts';

/** A rule's problem at its place. `given`: the inputs that the caller gave; the others are assumed. */
export function toFinding(
  rule: Rule,
  problem: Problem,
  position: Position,
  cluster: Cluster,
  given: Partial<Inputs>,
): Finding {
  const { object } = problem;
  const uses = [...new Set(problem.restsOn)].map((input) => useOf(input, object, cluster, given));
  const severity = problem.severity ?? rule.severity;
  const isGuess = uses.some((use) => !use.given && varies(use.input, object, cluster));
  return {
    rule: rule.id,
    severity: severity === 'error' && isGuess ? 'warning' : severity,
    message: problem.message,
    object: identify(object),
    file: object.document.source.name,
    ...position,
    path: spellPath(problem.path),
    fingerprint: fingerprintOf(rule.id, object, problem.path),
    restsOn: uses,
    ...(problem.fix === undefined ? {} : { fix: new FindingFix(problem.fix) }),
    docs: docsPage(rule.id),
  };
}

function useOf(input: InputName, { namespace }: KubeObject, cluster: Cluster, given: Partial<Inputs>): InputUse {
  const { inputs } = cluster;
  if (input !== 'injection') {
    return { input, value: String(inputs[input] ?? 'unknown'), given: Object.hasOwn(given, input) };
  }
  const said = saidOfInjection(inputs.injection, namespace);
  return { input, value: String(said ?? cluster.namespace(namespace) === undefined), given: said !== undefined };
}

function varies(input: InputName, { namespace }: KubeObject, cluster: Cluster): boolean {
  if (input === 'injection' && cluster.showsMesh(namespace)) return false;
  return inputTable.some((spec) => spec.name === input && spec.varies);
}

function spellPath(path: Problem['path']): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : /^\w+$/.test(step) ? `.${step}` : `["${step}"]`))
    .join('')
    .replace(/^\./, '');
}
