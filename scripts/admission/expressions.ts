import { createHash } from 'node:crypto';

/** As much of a policy as says what it does. */
export interface Policy {
  readonly spec: {
    readonly variables: readonly { readonly name: string; readonly expression: string }[];
    readonly mutations: readonly { readonly jsonPatch: { readonly expression: string } }[];
  };
}

/** Tells whether a policy still is the one that a recording was made with. */
export function expressionsHash({ spec }: Policy): string {
  const expressions = [
    ...spec.variables.map(({ expression }) => expression),
    ...spec.mutations.map(({ jsonPatch }) => jsonPatch.expression),
  ];
  return createHash('sha256').update(expressions.join('\n')).digest('hex');
}
