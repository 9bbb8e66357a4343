import { toYaml } from '../fix/apply-fixes.ts';
import { type Fix, type JsonPatchOperation, jsonPatch } from '../fix/fix.ts';
import type { Inputs } from '../model/inputs.ts';
import { type FindingObject, identify } from './finding.ts';

/** A fix in plain data, for objects that are in a cluster already. */
export interface FixDescription {
  readonly title: string;
  readonly certain: boolean;
  /** RFC 6902, as `kubectl patch --type=json` takes it. Empty `operations`: delete the object. */
  readonly patches: readonly { readonly object: FindingObject; readonly operations: readonly JsonPatchOperation[] }[];
  /** New objects, as YAML. */
  readonly manifests: readonly string[];
  /** What the installation must be, where no manifest can cure it. */
  readonly inputs?: Partial<Inputs>;
}

/** What a fix does, as patches and manifests. */
export function describeFix({ title, certain, changes, creates = [], inputs }: Fix): FixDescription {
  const patches = [...new Set(changes.map(({ object }) => object))].map((object) => ({
    object: identify(object),
    operations: changes
      .filter((change) => change.object === object)
      .flatMap(({ edit }) => jsonPatch(object.data, edit)),
  }));
  return { title, certain, patches, manifests: creates.map(toYaml), ...(inputs === undefined ? {} : { inputs }) };
}
