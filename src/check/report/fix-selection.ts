import { groupBy } from '../model/group-by.ts';
import type { Dict } from '../read/values.ts';
import type { Candidate, FixTrial, TrialFault } from './fix-trial.ts';

/** How often all objects are checked anew, for all fixes together: twice where all of them are good. */
const mostTrials = 60;

/** From so many on, who is the only one to change what is then wrong is refused for it, tried no further. */
const manySuspects = 100;

const untried = 'could not be tried beside the others';

/** Takes the fixes that do no harm beside each other. Of two that do harm together only, the first is taken. */
export class FixSelection {
  readonly accepted: Candidate[] = [];
  /** With the reason. */
  readonly refused = new Map<Candidate, string>();
  readonly #trial: FixTrial;
  #trials = 0;

  constructor(trial: FixTrial) {
    this.#trial = trial;
  }

  add(candidates: readonly Candidate[]): void {
    let open = candidates;
    const suspects: Candidate[] = [];
    const alone = new Map<Candidate, string>();
    while (open.length > 0 && this.#mayTry()) {
      const faults = this.#faultsWith(open);
      if (faults.length === 0) {
        this.accepted.push(...open);
        open = [];
      }
      const blamed = new Set<Candidate>();
      const suspectsOf = suspectsAmong(open);
      for (const fault of faults) {
        const own = suspectsOf(fault);
        const [first, second] = own;
        if (first && !second && !alone.has(first)) alone.set(first, fault.text);
        for (const candidate of own) blamed.add(candidate);
      }
      suspects.push(...open.filter((candidate) => blamed.has(candidate)));
      open = open.filter((candidate) => !blamed.has(candidate));
    }
    for (const candidate of open) this.refused.set(candidate, untried);
    if (suspects.length >= manySuspects) for (const [candidate, text] of alone) this.refused.set(candidate, text);
    this.#sift(suspects.filter((candidate) => !this.refused.has(candidate)));
  }

  /** Finds the bad ones by halves, in all namespaces at once. */
  #sift(suspects: readonly Candidate[]): void {
    const queues = new Map(
      [...groupBy(suspects, namespaceOf)].map(([namespace, own]) => [namespace, halves(own)] as const),
    );
    while (queues.size > 0) {
      const heads = [...queues].map(([namespace, queue]) => ({ namespace, queue, head: queue.shift() ?? [] }));
      const faults = this.#mayTry() ? this.#faultsWith(heads.flatMap(({ head }) => head)) : undefined;
      for (const { namespace, queue, head } of heads) {
        const fault = faults?.find(({ object }) => object.namespace === namespace) ?? faultElsewhere(faults, queues);
        if (faults === undefined) for (const candidate of head) this.refused.set(candidate, untried);
        else if (fault === undefined) this.accepted.push(...head);
        else if (head.length > 1) queue.unshift(...halves(head));
        else for (const candidate of head) this.refused.set(candidate, fault.text);
        if (queue.length === 0) queues.delete(namespace);
      }
    }
  }

  #mayTry(): boolean {
    this.#trials += 1;
    return this.#trials <= mostTrials;
  }

  #faultsWith(candidates: readonly Candidate[]): TrialFault[] {
    return this.#trial.faultsOf([...this.accepted, ...candidates]);
  }
}

/** In a namespace of none of the fixes any may be to blame. */
function faultElsewhere(faults: readonly TrialFault[] | undefined, queues: ReadonlyMap<string, unknown>) {
  return faults?.find(({ object }) => !queues.has(object.namespace));
}

/** Of a fault: the fixes that change what is then wrong, else those of its namespace, else all. */
function suspectsAmong(open: readonly Candidate[]): (fault: TrialFault) => readonly Candidate[] {
  const byObject = new Map<Dict, Set<Candidate>>();
  for (const candidate of open) {
    for (const { object } of candidate.fix.changes) {
      byObject.set(object.data, (byObject.get(object.data) ?? new Set()).add(candidate));
    }
  }
  const byNamespace = groupBy(open, namespaceOf);
  return ({ object, origin }) => {
    const touching = origin && byObject.get(origin);
    return touching ? [...touching] : (byNamespace.get(object.namespace) ?? open);
  };
}

function namespaceOf({ entry }: Candidate): string {
  return entry.problem.object.namespace;
}

function halves(list: readonly Candidate[]): Candidate[][] {
  if (list.length < 2) return [[...list]];
  const half = Math.ceil(list.length / 2);
  return [list.slice(0, half), list.slice(half)];
}
