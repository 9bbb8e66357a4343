import type { WorldCluster } from '../model/build-worlds.ts';
import { groupBy } from '../model/group-by.ts';
import { type InputName, type Inputs, inputTable } from '../model/inputs.ts';
import type { FoundProblem } from './find-problems.ts';
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

/** What the rules find in all clusters with certain inputs. */
export interface Found {
  readonly clusters: readonly WorldCluster[];
  readonly problems: readonly FoundProblem[];
}

/**
 * Tries each input that findings rest on and that neither the caller nor an object tells, with the value that the table of
 * inputs has for it.
 * `now`: what was found with what is given; `find`: what is found with other inputs in the same objects.
 */
export function adviseInput(
  given: Partial<Inputs>,
  now: Found,
  find: (given: Partial<Inputs>) => Found,
): InputAdvice | undefined {
  const open = now.problems.filter(({ problem, cluster }) => isGuess(problem, cluster, given));
  const isKnown = (name: InputName) =>
    Object.hasOwn(given, name) || now.clusters.some(({ cluster }) => cluster.told.has(name));
  const trials = inputTable.flatMap(({ name, trial }) => {
    const asked = !isKnown(name) && open.some(({ problem }) => problem.restsOn?.includes(name));
    return trial === undefined || !asked ? [] : [{ name, trial }];
  });
  const advices = trials.map(({ name, trial }): InputAdvice => {
    const tried = { ...given, [name]: trial.value };
    const then = find(tried);
    const left = groupBy(then.problems, keyOf);
    const gone = open.filter((entry) => !left.has(keyOf(entry))).length;
    const certain = open.filter((entry) => {
      const own = left.get(keyOf(entry));
      // In another cluster it may still be a guess.
      return own !== undefined && !own.some(({ problem, cluster }) => isGuess(problem, cluster, tried));
    }).length;
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

const keyOf = ({ rule, problem }: FoundProblem): string => {
  const { document, root } = problem.object;
  return [rule.id, document.source.name, document.offset, ...root, '', ...problem.path].join('\0');
};
