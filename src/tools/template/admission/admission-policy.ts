import type { AdmissionValues } from './admission-values.ts';
import { bindingOf, headOf } from './engines.ts';
import { containersExpression, nodeOptionsExpression, podExpression, skipExpression } from './expressions.ts';

/**
 * A policy that brings mesh-shim into each pod that it is for, as YAML with comments. Text, not data: its expressions are
 * read by people.
 */
export function admissionPolicy(values: AdmissionValues): string {
  const { way, image, except } = values;
  return `${headOf(values)}
  variables:
    - name: image
      expression: "'${image}'"
    - name: preload
      expression: "'--import=/mesh-shim/register.mjs'"
    # Containers that stay as they are: the proxy, which an injector may have added already, and those that the pod names.
    - name: skip
      expression: >-
        ${skipExpression(except)}
    # For each container the place of the NODE_OPTIONS that counts, which is the last one; an empty list without any.
    - name: nodeOptions
      expression: >-
        ${nodeOptionsExpression}
  mutations:
    - patchType: JSONPatch
      jsonPatch:
        expression: >-
          ${podExpression(way)} + ${containersExpression}
${bindingOf(values)}`;
}
