import { preloadVariables, rowOf } from '../src/lifecycle/preload/preload-option-table.ts';
import { markdownTable } from './markdown-table.ts';

/** The variables of mesh-shim/lifecycle-register. What each does stands with the option that it sets. */
export function preloadVariablesTable(): string {
  const rows = preloadVariables.map((variable) => [
    `\`${variable.name}\``,
    `\`${variable.option}\``,
    inDurations(rowOf(variable)),
  ]);
  return markdownTable(['variable', 'sets', 'default'], rows);
}

function inDurations({ default: elsewhere, inKubernetes }: ReturnType<typeof rowOf>): string {
  const shown = (value: unknown) => `\`${Number(value) / 1000}s\``;
  return inKubernetes === undefined ? shown(elsewhere) : `${shown(inKubernetes)} in Kubernetes, else \`0\``;
}
