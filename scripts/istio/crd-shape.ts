/** What of a CRD's schema the checker wants to know. Ranges come later, when the releases are merged. */
export type Shape =
  | { readonly leaf: string }
  | { readonly list: Shape; readonly min: number }
  | { readonly map: Shape }
  | { readonly values: readonly string[] }
  | {
      readonly fields: Readonly<Record<string, Shape>>;
      readonly required: readonly string[];
      /** Of each group an object has one field at most. */
      readonly exclusive: readonly (readonly string[])[];
    };

export interface CrdSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, CrdSchema>>;
  readonly additionalProperties?: CrdSchema | boolean;
  readonly items?: CrdSchema;
  readonly required?: readonly string[];
  readonly oneOf?: readonly CrdSchema[];
  readonly anyOf?: readonly CrdSchema[];
  readonly allOf?: readonly CrdSchema[];
  readonly not?: CrdSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string }[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

export function shapeOf(schema: CrdSchema): Shape {
  if (schema['x-kubernetes-preserve-unknown-fields'] || schema['x-kubernetes-int-or-string']) return { leaf: 'any' };
  // An empty string stands for a value that is not set; null is taken as such everywhere.
  if (schema.enum !== undefined) return { values: schema.enum.filter((value) => value !== null).map(String) };
  if (schema.type === 'array') return { list: shapeOf(schema.items ?? {}), min: schema.minItems ?? 0 };
  if (schema.type === 'object') return objectShape(schema);
  return { leaf: leafOf(schema) };
}

function objectShape(schema: CrdSchema): Shape {
  const { properties, additionalProperties } = schema;
  if (properties === undefined) {
    if (typeof additionalProperties === 'object') return { map: shapeOf(additionalProperties) };
    return { leaf: 'any' };
  }
  return {
    fields: Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, shapeOf(field)])),
    required: schema.required ?? [],
    exclusive: exclusiveGroups(schema),
  };
}

/** `oneOf: [{not: {anyOf: [{required: [a]}, ...]}}, {required: [a]}, ...]`, or the same as an expression. */
function exclusiveGroups(schema: CrdSchema): string[][] {
  const own = schema.oneOf?.flatMap(({ required }) => (required?.length === 1 ? required : [])) ?? [];
  const nested = schema.allOf?.flatMap(exclusiveGroups) ?? [];
  const written = rulesOf(schema)
    .filter((rule) => /^(\(has\(self\.\w+\) \? 1 : 0\)( \+ )?)+ <= 1$/.test(rule))
    .map((rule) => [...rule.matchAll(/has\(self\.(\w+)\)/g)].map(([, name = '']) => name));
  return [own, ...nested, ...written].filter((group) => group.length > 1);
}

function leafOf(schema: CrdSchema): string {
  const rules = rulesOf(schema);
  if (schema.type === 'string') {
    if (rules.some((rule) => rule.includes('duration(self)'))) return 'duration';
    return (schema.minLength ?? 0) > 0 ? 'text' : 'string';
  }
  if (schema.type === 'boolean') return 'boolean';
  if (schema.type !== 'integer' && schema.type !== 'number') return 'any';
  const isPort = rules.includes('0 < self && self <= 65535');
  const [min, max] = isPort ? [1, 65_535] : [schema.minimum, schema.maximum];
  const bounds = min === undefined && max === undefined ? '' : ` ${min ?? ''}..${max ?? ''}`;
  return schema.type + bounds;
}

function rulesOf(schema: CrdSchema): string[] {
  return (schema['x-kubernetes-validations'] ?? []).map(({ rule }) => rule);
}
