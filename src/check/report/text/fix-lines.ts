import type { FindingFix, FindingObject } from '../../fix/finding-fix.ts';
import { shellWord } from '../../fix/shell-word.ts';
import { printable } from '../printable.ts';
import { indented } from './indent.ts';
import { wrapJson } from './wrap-json.ts';

/** A fix in full, as commands and manifests that can be copied: each stands behind so many spaces. */
export function fixLines(fix: FindingFix, spaces: number, width: number): string[] {
  const at = ' '.repeat(spaces);
  const { title, certain, patches, replacements, deletions, manifests, notes = [], inputs } = fix;
  return [
    ...indented(`${certain ? 'fix' : 'proposal'}: ${title}`, spaces, width),
    ...patches.flatMap(({ object, type, patch }) => patchLines(object, type, patch, at, width)),
    ...replacements.flatMap(({ object, why, remove }) => [
      ...indented(
        `${why} ${remove ? 'Change the file, then delete the object and apply the file:' : 'Change the file.'}`,
        spaces + 2,
        width,
      ),
      ...(remove ? deleteLines(object, at, width) : []),
    ]),
    ...deletions.flatMap((object) => deleteLines(object, at, width)),
    ...manifests.flatMap((manifest) =>
      manifest
        .trimEnd()
        .split('\n')
        .map((line) => `${at}  ${line}`),
    ),
    ...notes.flatMap(({ text, command }) => [
      ...indented(text, spaces + 2, width),
      ...(command === undefined ? [] : [`${at}  ${command}`]),
    ]),
    ...Object.entries(inputs ?? {}).map(
      ([input, value]) => `${at}  then set in mesh-shim.yaml: ${input}: ${String(value)}`,
    ),
  ].map(printable);
}

function deleteLines(object: FindingObject, at: string, width: number): string[] {
  const { resource, name, scope } = words(object);
  const command = `${at}  kubectl delete ${resource} ${name}`;
  return command.length + scope.length <= width ? [command + scope] : [`${command} \\`, `${at}   ${scope}`];
}

/** Where the command is longer than the terminal is wide, its JSON goes over several lines, which the shell takes as well. */
function patchLines(object: FindingObject, type: string, patch: unknown, at: string, width: number): string[] {
  const { resource, name, scope } = words(object);
  const command = `${at}  kubectl patch ${resource} ${name}${scope}`;
  const option = `--type=${type} -p '`;
  const fits = command.length + option.length + 2 <= width;
  const lead = fits ? `${command} ${option}` : `${command} \\\n${at}    ${option}`;
  const used = fits ? command.length + 1 + option.length : at.length + 4 + option.length;
  const json = wrapJson(patch, used + 1, `${at}  `, width);
  return `${lead}${json.replaceAll("'", "'\\''")}'`.split('\n');
}

function words({ apiVersion, kind, name, namespace }: FindingObject) {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', ''];
  const lower = kind.toLowerCase();
  return {
    resource: safeWord(group === '' ? lower : `${lower}.${version}.${group}`),
    name: safeWord(name),
    scope: kind === 'Namespace' ? '' : ` -n ${safeWord(namespace)}`,
  };
}

function safeWord(raw: string): string {
  return shellWord(printable(raw));
}
