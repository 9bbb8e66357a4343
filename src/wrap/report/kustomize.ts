import { parse, stringify } from 'yaml';
import { jsonPatchOf } from '../../check/edit/json-patch.ts';
import { groupBy } from '../../check/model/group-by.ts';
import { dict, list, text } from '../../check/read/values.ts';
import type { WorkloadPlan } from '../plan.ts';

export const componentFile = 'kustomization.yaml';
/** By this a folder is known that may be written again. */
export const componentHeading =
  '# Made by mesh-shim wrap --kustomize. Add this folder to `components` of the kustomization.\n';

export interface PatchFile {
  readonly name: string;
  readonly text: string;
}

/** A component of Kustomize that makes the same changes: one patch an object, and the file that lists them. */
export function kustomizeFiles(plans: readonly WorkloadPlan[]): PatchFile[] {
  const changed = plans.filter(({ operations }) => operations.length > 0);
  const taken = new Set<string>([componentFile]);
  const patches = [...groupBy(changed, ({ object }) => object)].map(([object, own]) => {
    const operations = own.flatMap((plan) => jsonPatchOf(object.data, plan.operations));
    const name = uniqueName([object.kind, object.namespace, object.name].join('-').toLowerCase(), taken);
    const [, version = object.apiVersion] = object.apiVersion.split('/');
    const namespace = text(dict(object.data.metadata).namespace);
    const target = {
      ...(object.group === '' ? {} : { group: object.group }),
      ...{ version, kind: object.kind, name: object.name },
      ...(namespace === undefined ? {} : { namespace }),
    };
    return { file: { name, text: stringify(operations, { lineWidth: 0 }) }, entry: { path: name, target } };
  });
  const component = {
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    patches: patches.map(({ entry }) => entry),
  };
  return [
    { name: componentFile, text: componentHeading + stringify(component, { lineWidth: 0 }) },
    ...patches.map(({ file }) => file),
  ];
}

/** The files of patches that a component lists. */
export function patchNames(component: string): readonly string[] {
  return list(dict(parse(component)).patches).flatMap((patch) => text(dict(patch).path) ?? []);
}

function uniqueName(base: string, taken: Set<string>): string {
  const plain = base.replaceAll(/[^a-z0-9.-]/g, '-');
  let name = `${plain}.yaml`;
  for (let count = 2; taken.has(name); count += 1) name = `${plain}-${count}.yaml`;
  taken.add(name);
  return name;
}
