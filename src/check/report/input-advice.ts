import type { Cluster } from '../model/cluster.ts';
import { type InputName, type Inputs, inputTable } from '../model/inputs.ts';
import type { Problem, Rule } from '../rules/shared/rule.ts';
import { isGuess } from './input-uses.ts';

/** The input that settles most findings once it is known: a settled finding is gone, or rests on no guess. */
export interface InputAdvice {
  readonly input: InputName;
  /** The value that was tried, as the command line takes it. */
  readonly value: string;
  /** How many of `findings` it settles, and how many of those are gone with it. */
  readonly settled: number;
  readonly gone: number;
  readonly findings: number;
}

export interface RuleProblem {
  readonly rule: Rule;
  readonly problem: Problem;
}

/** What the rules find in a cluster with certain inputs. */
export interface Found {
  readonly cluster: Cluster;
  readonly problems: readonly RuleProblem[];
}

/**
 * Tries each input that findings rest on and nobody has given, with the value that the table of inputs has for it.
 * `now`: what was found with what is given; `find`: what is found with other inputs in the same objects.
 */
export function adviseInput(
  given: Partial<Inputs>,
  now: Found,
  find: (given: Partial<Inputs>) => Found,
): InputAdvice | undefined {
  const open = now.problems.filter(({ problem }) => isGuess(problem, now.cluster, given));
  const trials = inputTable.flatMap(({ name, trial }) => {
    const asked = !Object.hasOwn(given, name) && open.some(({ problem }) => problem.restsOn?.includes(name));
    return trial === undefined || !asked ? [] : [{ name, trial }];
  });
  const advices = trials.map(({ name, trial }): InputAdvice => {
    const tried = { ...given, [name]: trial.value };
    const then = find(tried);
    const left = new Map(then.problems.map((entry) => [keyOf(entry), isGuess(entry.problem, then.cluster, tried)]));
    const gone = open.filter((entry) => !left.has(keyOf(entry))).length;
    const certain = open.filter((entry) => left.get(keyOf(entry)) === false).length;
    const findings = now.problems.length;
    return { input: name, value: String(trial.value), settled: gone + certain, gone, findings };
  });
  return advices.toSorted((a, b) => b.settled - a.settled || b.gone - a.gone).find(({ settled }) => settled > 0);
}

/** The advice as a sentence. */
export function adviceText({ input, value, settled, gone, findings }: InputAdvice): string {
  const spec = inputTable.find(({ name }) => name === input);
  const number = (count: number) => count.toLocaleString('en-US');
  const went = gone === settled ? 'gone' : gone === 0 ? 'certain' : `${number(gone)} gone, the others certain`;
  return `Say --${spec?.flag} ${value} (if ${spec?.trial?.condition}), and ${number(settled)} of ${number(findings)} ${findings === 1 ? 'finding is' : 'findings are'} settled (${went}).`;
}

const keyOf = ({ rule, problem }: RuleProblem): string => {
  const { document, root } = problem.object;
  return [rule.id, document.source.name, document.offset, ...root, '', ...problem.path].join('\0');
};
