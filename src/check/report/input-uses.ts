import type { Cluster } from '../model/cluster.ts';
import { saidOfInjection } from '../model/injection-input.ts';
import { type InputName, type Inputs, inputTable } from '../model/inputs.ts';
import type { KubeObject } from '../read/manifest.ts';
import type { Problem } from '../rules/shared/rule.ts';
import type { InputUse } from './finding.ts';

/** The inputs that a problem rests on, each once, with their values where it is. */
export function inputUses({ restsOn, object }: Problem, cluster: Cluster, given: Partial<Inputs>): InputUse[] {
  return [...new Set(restsOn)].map((input) => useOf(input, object, cluster, given));
}

/** Whether a problem rests on an input that clusters differ in, and that nobody has given. */
export function isGuess(problem: Problem, cluster: Cluster, given: Partial<Inputs>): boolean {
  return inputUses(problem, cluster, given).some((use) => !use.given && varies(use, problem.object, cluster));
}

function useOf(input: InputName, { namespace }: KubeObject, cluster: Cluster, given: Partial<Inputs>): InputUse {
  const { inputs } = cluster;
  if (input !== 'injection') {
    return { input, value: String(inputs[input] ?? 'unknown'), given: Object.hasOwn(given, input) };
  }
  const said = saidOfInjection(inputs.injection, namespace);
  return { input, value: String(said ?? cluster.namespace(namespace) === undefined), given: said !== undefined };
}

/** That pods have sidecars is no guess where the files show it; that they have none still is. */
function varies({ input, value }: InputUse, { namespace }: KubeObject, cluster: Cluster): boolean {
  if (input === 'injection' && value === 'true' && cluster.showsMesh(namespace)) return false;
  return inputTable.some((spec) => spec.name === input && spec.varies);
}
