import { type ChangedData, changedData, changedObjects, createdObjects } from '../fix/changed-objects.ts';
import type { Fix } from '../fix/fix.ts';
import { kubernetesFaults } from '../fix/kubernetes-faults.ts';
import type { Cluster } from '../model/cluster.ts';
import { groupBy } from '../model/group-by.ts';
import type { LoadedWorld } from '../read/load.ts';
import { type KubeObject, objectName } from '../read/manifest.ts';
import type { Dict } from '../read/values.ts';
import type { Problem, Rule } from '../rules/shared/rule.ts';
import type { FoundProblem } from './find-problems.ts';

/** A fix, and the problem that it is for. */
export interface Candidate {
  readonly entry: FoundProblem;
  readonly fix: Fix;
}

/** What would be wrong after fixes. */
export interface TrialFault {
  /** The end of a sentence that begins with the fix. */
  readonly text: string;
  /** Where it would be. */
  readonly object: KubeObject;
  /** What the object's data are now; undefined for a new object. */
  readonly origin: Dict | undefined;
}

export interface TrialGround {
  readonly worlds: readonly LoadedWorld[];
  readonly rules: readonly Rule[];
  readonly defaultNamespace: string;
  readonly build: (objects: readonly KubeObject[]) => Cluster;
}

type Origins = ReadonlyMap<Dict, Dict>;

/** Tries fixes on the data of the objects: no text is written or read. */
export class FixTrial {
  readonly #ground: TrialGround;
  readonly #ids = new Map<Dict, string>();
  readonly #injected: ReadonlySet<string>;
  readonly #faults: ReadonlySet<string>;
  readonly #problems: ReadonlyMap<string, ReadonlyMap<string, Problem>>;

  /** `problems`: what the rules find in `clusters`, as they are before. */
  constructor(ground: TrialGround, clusters: readonly Cluster[], problems: readonly FoundProblem[]) {
    this.#ground = ground;
    for (const { data } of ground.worlds.flatMap(({ objects }) => objects)) {
      if (!this.#ids.has(data)) this.#ids.set(data, String(this.#ids.size));
    }
    const none: Origins = new Map();
    this.#injected = new Set(this.#injectedIn(clusters, none).keys());
    this.#faults = new Set(this.#faultsIn(clusters, none).map(({ key }) => key));
    this.#problems = this.#byKey(problems, none);
  }

  /** What would be wrong, and is not yet, once all these fixes are made. */
  faultsOf(candidates: readonly Candidate[]): TrialFault[] {
    const changed = changedData(candidates.map(({ fix }) => fix));
    const origins: Origins = new Map(
      [...changed].flatMap(([from, to]) => (to === undefined ? [] : [[to, from] as const])),
    );
    const clusters = this.#build(candidates, changed);
    const found = clusters.flatMap((cluster) =>
      this.#ground.rules.flatMap((rule) => [...rule.check(cluster)].map((problem) => ({ rule, problem }))),
    );
    const after = this.#byKey(found, origins);
    const fault = (object: KubeObject, text: string): TrialFault => {
      const origin = origins.get(object.data) ?? object.data;
      return { object, text, origin: this.#ids.has(origin) ? origin : undefined };
    };
    return [
      ...this.#faultsIn(clusters, origins)
        .filter(({ key }) => !this.#faults.has(key))
        .map(({ object, text }) => fault(object, `would leave ${objectName(object)} broken: ${text}`)),
      ...this.#newProblems(after, clusters, origins).map(({ rule, problem }) =>
        fault(problem.object, `would bring ${rule} to ${objectName(problem.object)}`),
      ),
      ...this.#notCured(candidates, after).map(({ entry }) => fault(entry.problem.object, 'would not cure it')),
    ];
  }

  #newProblems(
    after: ReadonlyMap<string, ReadonlyMap<string, Problem>>,
    clusters: readonly Cluster[],
    origins: Origins,
  ) {
    const joined = [...this.#injectedIn(clusters, origins)].flatMap(([key, object]) =>
      this.#injected.has(key) ? [] : [object.namespace],
    );
    return [...after].flatMap(([key, own]) => {
      const [problem] = own.values();
      // What is wrong with pods that get their sidecar by the fix was so, and could not be seen.
      const isOld = problem === undefined || this.#problems.has(key) || joined.includes(problem.object.namespace);
      return isOld ? [] : [{ rule: key.slice(0, key.indexOf('\0')), problem }];
    });
  }

  #notCured(candidates: readonly Candidate[], after: ReadonlyMap<string, ReadonlyMap<string, Problem>>) {
    const none: Origins = new Map();
    const byKey = groupBy(candidates, ({ entry }) => this.#keyOf(entry.rule, entry.problem, none));
    return [...byKey].flatMap(([key, own]) => {
      const left = after.get(key)?.size ?? 0;
      return left === 0 || left <= (this.#problems.get(key)?.size ?? 0) - own.length ? [] : own;
    });
  }

  #build(candidates: readonly Candidate[], changed: ChangedData): Cluster[] {
    const { worlds, defaultNamespace, build } = this.#ground;
    return worlds.map(({ objects }) => {
      const here = new Set(objects.map(({ data }) => data));
      const created = new Map<string, KubeObject>();
      for (const { entry, fix } of candidates) {
        const { object } = entry.problem;
        if (!here.has(object.data)) continue;
        for (const one of createdObjects(fix, object, defaultNamespace)) created.set(objectName(one), one);
      }
      return build([...changedObjects(objects, changed, defaultNamespace), ...created.values()]);
    });
  }

  #faultsIn(clusters: readonly Cluster[], origins: Origins) {
    return clusters.flatMap((cluster) =>
      [...kubernetesFaults(cluster)].flatMap(([object, own]) =>
        own.map((text) => ({ key: `${this.#idOf(object, origins)}\0${text}`, object, text })),
      ),
    );
  }

  #injectedIn(clusters: readonly Cluster[], origins: Origins): Map<string, KubeObject> {
    return new Map(
      clusters.flatMap(({ workloads }) =>
        workloads.flatMap(({ object, template, injection }) =>
          injection.injected === true
            ? [[`${this.#idOf(object, origins)}\0${template.path.join('.')}`, object] as const]
            : [],
        ),
      ),
    );
  }

  /** By rule, object and path, then by message: there may be several at one place. */
  #byKey(found: readonly { readonly rule: Rule; readonly problem: Problem }[], origins: Origins) {
    const result = new Map<string, Map<string, Problem>>();
    for (const { rule, problem } of found) {
      const key = this.#keyOf(rule, problem, origins);
      const own = result.get(key) ?? new Map<string, Problem>();
      own.set(problem.message, problem);
      result.set(key, own);
    }
    return result;
  }

  #keyOf(rule: Rule, { object, path }: Problem, origins: Origins): string {
    return [rule.id, this.#idOf(object, origins), ...path].join('\0');
  }

  /** The same before and after a change; a new object goes by its name. */
  #idOf(object: KubeObject, origins: Origins): string {
    return this.#ids.get(origins.get(object.data) ?? object.data) ?? objectName(object);
  }
}
