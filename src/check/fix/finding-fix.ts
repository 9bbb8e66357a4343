import type { Inputs } from '../model/inputs.ts';
import type { KubeObject } from '../read/manifest.ts';
import { type Fix, type JsonPatchOperation, jsonPatch } from './fix.ts';
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

/**
 * What cures a finding, in plain data: it can be printed, compared and sent. What `applyFixes` needs of it, the objects with
 * the text that they were read from, stays inside.
 */
export class FindingFix {
  /** What it does, in the imperative. */
  readonly title: string;
  /** Whether it is right whatever else the cluster holds, so that `--fix` writes it unasked. */
  readonly certain: boolean;
  /**
   * For objects that are in a cluster already: RFC 6902, as `kubectl patch --type=json` takes it. Empty `operations`:
   * delete the object.
   */
  readonly patches: readonly { readonly object: FindingObject; readonly operations: readonly JsonPatchOperation[] }[];
  /** New objects, as YAML. */
  readonly manifests: readonly string[];
  /** What the installation must be, where no manifest can cure it. */
  declare readonly inputs?: Partial<Inputs>;
  readonly #fix: Fix;

  constructor(fix: Fix) {
    const { title, certain, changes, creates = [], inputs } = fix;
    this.title = title;
    this.certain = certain;
    this.patches = [...new Set(changes.map(({ object }) => object))].map((object) => ({
      object: identify(object),
      operations: changes
        .filter((change) => change.object === object)
        .flatMap(({ edit }) => jsonPatch(object.data, edit)),
    }));
    this.manifests = creates.map(toYaml);
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
