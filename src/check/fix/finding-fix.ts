import { groupBy } from '../model/group-by.ts';
import type { Inputs } from '../model/inputs.ts';
import type { KubeObject } from '../read/manifest.ts';
import type { Edit, Fix, Note } from './fix.ts';
import { type Immutable, immutable } from './immutable.ts';
import { type Patch, patchesOf } from './patches.ts';
import { toYaml } from './to-yaml.ts';

/** The identity of a Kubernetes object. */
export interface FindingObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export function identify({ apiVersion, kind, namespace, name }: KubeObject): FindingObject {
  return { apiVersion, kind, namespace, name };
}

/** An object that the API server does not change in place: change the file, and apply it again. */
export interface Replacement extends Immutable {
  readonly object: FindingObject;
}

/**
 * What cures a finding, in plain data: it can be printed, compared and sent. What `applyFixes` needs of it, the objects with
 * the text that they were read from, stays inside.
 */
export class FindingFix {
  /** What it does, in the imperative. */
  readonly title: string;
  /** Whether it is right whatever else the cluster holds, so that `--fix` writes it unasked. */
  readonly certain: boolean;
  /** For objects that are in a cluster already: what `kubectl patch` takes. */
  readonly patches: readonly ({ readonly object: FindingObject } & Patch)[];
  /** Objects of a cluster that a patch cannot change. */
  readonly replacements: readonly Replacement[];
  /** Objects to delete. */
  readonly deletions: readonly FindingObject[];
  /** New objects, as YAML. */
  readonly manifests: readonly string[];
  /** What to know or to do beside it. */
  declare readonly notes?: readonly Note[];
  /** What the installation must be, where no manifest can cure it. */
  declare readonly inputs?: Partial<Inputs>;
  readonly #fix: Fix;

  constructor(fix: Fix) {
    const { title, certain, changes, creates = [], inputs, notes } = fix;
    this.title = title;
    this.certain = certain;
    const commands = [...groupBy(changes, ({ object }) => object)].map(([object, own]) =>
      commandsOf(
        object,
        own.map(({ edit }) => edit),
      ),
    );
    this.patches = commands.flatMap(({ patches }) => patches);
    this.replacements = commands.flatMap(({ replacements }) => replacements);
    this.deletions = commands.flatMap(({ deletions }) => deletions);
    this.manifests = creates.map(toYaml);
    if (notes !== undefined) this.notes = notes;
    if (inputs !== undefined) this.inputs = inputs;
    this.#fix = fix;
  }

  /** The rule's own fix. @throws TypeError for a copy, which does not have it */
  static unwrap(fix: FindingFix): Fix {
    if (#fix in fix) return fix.#fix;
    throw new TypeError(
      `applyFixes takes findings as checkManifests returned them; the fix ${JSON.stringify(fix)} is a copy, which does not know its source`,
    );
  }
}

function commandsOf(object: KubeObject, edits: readonly Edit[]) {
  const identity = identify(object);
  const refused = edits.flatMap((edit) => immutable(object, edit) ?? []);
  const [first] = refused;
  // Whoever applies the changed file gets all of them.
  if (first !== undefined) {
    const { why, remove } = refused.find((one) => one.remove) ?? first;
    return { patches: [], deletions: [], replacements: [{ object: identity, why, remove }] };
  }
  if (edits.some(({ op }) => op === 'remove-object')) return { patches: [], deletions: [identity], replacements: [] };
  const fields = edits.flatMap((edit) => (edit.op === 'remove-object' ? [] : [edit]));
  const patches = patchesOf(object, fields).map((patch) => ({ object: identity, ...patch }));
  return { patches, deletions: [], replacements: [] };
}
