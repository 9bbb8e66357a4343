import type { Cluster } from '../model/cluster.ts';
import { saidOfInjection } from '../model/injection-input.ts';
import { type InputName, type Inputs, inputTable } from '../model/inputs.ts';
import type { KubeObject } from '../read/manifest.ts';
import type { Problem, Rule, Severity } from '../rules/shared/rule.ts';
import type { InputUse } from './finding.ts';

/** The inputs that a problem rests on, each once, with their values where it is. */
export function inputUses({ restsOn, object }: Problem, cluster: Cluster, given: Partial<Inputs>): InputUse[] {
  return [...new Set(restsOn)].map((input) => useOf(input, object, cluster, given));
}

/** Whether a problem rests on an input that clusters differ in, and that neither the caller nor an object tells. */
export function isGuess(problem: Problem, cluster: Cluster, given: Partial<Inputs>): boolean {
  return inputUses(problem, cluster, given).some((use) => isAssumed(use) && varies(use, problem.object, cluster));
}

/** An error that rests on a guess is a warning. */
export function severityOf(rule: Rule, problem: Problem, cluster: Cluster, given: Partial<Inputs>): Severity {
  const severity = problem.severity ?? rule.severity;
  return severity === 'error' && isGuess(problem, cluster, given) ? 'warning' : severity;
}

export function isAssumed({ given, by }: InputUse): boolean {
  return !given && by === undefined;
}

function useOf(input: InputName, { namespace }: KubeObject, cluster: Cluster, given: Partial<Inputs>): InputUse {
  const { inputs, told } = cluster;
  if (input !== 'injection') {
    const isGiven = Object.hasOwn(given, input);
    const by = isGiven ? undefined : told.get(input)?.by;
    return { input, value: String(inputs[input] ?? 'unknown'), given: isGiven, ...(by !== undefined && { by }) };
  }
  const said = saidOfInjection(inputs.injection, namespace);
  return { input, value: String(said ?? cluster.namespace(namespace) === undefined), given: said !== undefined };
}

/** That pods have sidecars is no guess where the files show it; that they have none still is. */
function varies({ input, value }: InputUse, { namespace }: KubeObject, cluster: Cluster): boolean {
  if (input === 'injection' && value === 'true' && cluster.showsMesh(namespace)) return false;
  return inputTable.some((spec) => spec.name === input && spec.varies);
}
