import type { FindingFix, FindingObject } from '../../fix/finding-fix.ts';
import type { JsonPatchOperation } from '../../fix/fix.ts';
import { printable } from '../printable.ts';
import { indented } from './indent.ts';
import { wrapJson } from './wrap-json.ts';

/** A fix in full, as commands and manifests that can be copied: each stands behind so many spaces. */
export function fixLines(
  { title, certain, patches, manifests, inputs }: FindingFix,
  spaces: number,
  width: number,
): string[] {
  const at = ' '.repeat(spaces);
  return [
    ...indented(`${certain ? 'fix' : 'proposal'}: ${title}`, spaces, width),
    ...patches.flatMap(({ object, operations }) => commandLines(object, operations, at, width)),
    ...manifests.flatMap((manifest) =>
      manifest
        .trimEnd()
        .split('\n')
        .map((line) => `${at}  ${line}`),
    ),
    ...Object.entries(inputs ?? {}).map(
      ([input, value]) => `${at}  then set in mesh-shim.yaml: ${input}: ${String(value)}`,
    ),
  ].map(printable);
}

/** Where the command is longer than the terminal is wide, its JSON goes over several lines, which the shell takes as well. */
function commandLines(
  object: FindingObject,
  operations: readonly JsonPatchOperation[],
  at: string,
  width: number,
): string[] {
  const scope = object.kind === 'Namespace' ? '' : ` -n ${shellWord(object.namespace)}`;
  const name = shellWord(object.name);
  const [group, version] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : ['', ''];
  const kind = object.kind.toLowerCase();
  const resource = shellWord(group === '' ? kind : `${kind}.${version}.${group}`);
  if (operations.length === 0) {
    const command = `${at}  kubectl delete ${resource} ${name}`;
    return command.length + scope.length <= width ? [command + scope] : [`${command} \\`, `${at}   ${scope}`];
  }
  const command = `${at}  kubectl patch ${resource} ${name}${scope}`;
  const option = "--type=json -p '";
  const fits = command.length + option.length + 2 <= width;
  const lead = fits ? `${command} ${option}` : `${command} \\\n${at}    ${option}`;
  const used = fits ? command.length + 1 + option.length : at.length + 4 + option.length;
  const patch = wrapJson(operations, used + 1, `${at}  `, width);
  return `${lead}${patch.replaceAll("'", "'\\''")}'`.split('\n');
}

/** As the shell takes it for one word, and for nothing else: it comes from somebody's file. */
function shellWord(raw: string): string {
  const text = printable(raw);
  return /^[\w.:@%+=,/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
