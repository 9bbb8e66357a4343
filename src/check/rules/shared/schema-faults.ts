import type { Cluster } from '../../model/cluster.ts';
import { IstioSchema, type Releases } from '../../model/istio-schema.ts';
import type { KubeObject } from '../../read/manifest.ts';
import { hasPlaceholder } from '../../read/placeholders.ts';
import { isDict, type Path } from '../../read/values.ts';

/** A field that the CRD does not have. */
export interface UnknownField {
  readonly path: Path;
  readonly name: string;
  /** Fields that may stand there and do not yet. */
  readonly free: readonly string[];
  /** The releases of Istio that have it, if any. */
  readonly releases: Releases | undefined;
  /** Whether a field would take this value. */
  readonly fits: (field: string) => boolean;
}

/** A value that the CRD does not take. */
export type WrongValue = FaultyValue &
  (
    | { readonly wants: string }
    | { readonly values: readonly string[] }
    | { readonly missing: string }
    | { readonly exclusive: readonly string[] }
    | { readonly least: number }
  );

interface FaultyValue {
  readonly path: Path;
  readonly value: unknown;
  /** The field must be there. */
  readonly required?: true;
}

export type SchemaFault = { readonly unknown: UnknownField } | { readonly wrong: WrongValue };

/** What the CRDs of Istio's release say against the objects of Istio's kinds. */
export function* schemaFaults(
  cluster: Cluster,
): Generator<{ readonly object: KubeObject; readonly fault: SchemaFault }> {
  const schema = new IstioSchema(cluster.inputs.istio);
  for (const object of cluster.objects) {
    if (!object.group.endsWith('.istio.io')) continue;
    const spec = schema.specOf(object);
    if (spec === undefined) continue;
    const { free, found } = unknownFields(object.data, ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
    for (const name of found) {
      const unknown = { path: [name], name, free, releases: undefined, fits: () => false };
      yield { object, fault: { unknown } };
    }
    for (const fault of faultsOf(schema, spec, object.data.spec, ['spec'])) yield { object, fault };
  }
}

function* faultsOf(schema: IstioSchema, index: number, value: unknown, path: Path): Generator<SchemaFault> {
  // The API server takes null for a field that is not there.
  if (value === null || value === undefined) return;
  // Another program fills it in before the API server sees it.
  if (typeof value === 'string' && hasPlaceholder(value)) return;
  const node = schema.node(index);
  if (typeof node === 'string') {
    if (!isOfType(node, value)) yield { wrong: { path, value, wants: node } };
  } else if ('e' in node) {
    const values = schema.values(node.e);
    if (typeof value !== 'string' || !values.includes(value)) yield { wrong: { path, value, values } };
  } else if ('l' in node) {
    if (!Array.isArray(value)) yield { wrong: { path, value, wants: 'list' } };
    else if (value.length < (node.min ?? 0)) yield { wrong: { path, value, least: node.min ?? 0 } };
    else for (const [at, item] of value.entries()) yield* faultsOf(schema, node.l, item, [...path, at]);
  } else if (!isDict(value)) yield { wrong: { path, value, wants: 'map' } };
  else if ('m' in node) {
    for (const [key, entry] of Object.entries(value)) yield* faultsOf(schema, node.m, entry, [...path, key]);
  } else yield* objectFaults(schema, index, value, path);
}

function* objectFaults(
  schema: IstioSchema,
  index: number,
  value: Readonly<Record<string, unknown>>,
  path: Path,
): Generator<SchemaFault> {
  const object = schema.object(index);
  if (object === undefined) return;
  const { fields, others, required, exclusive } = object;
  const { found, free } = unknownFields(value, [...fields.keys()]);
  for (const name of found) {
    const fits = (field: string) => {
      const node = fields.get(field);
      return node !== undefined && faultsOf(schema, node, value[name], []).next().done === true;
    };
    yield { unknown: { path: [...path, name], name, free, releases: others.get(name), fits } };
  }
  const has = (name: string) => Object.hasOwn(value, name) && value[name] !== null;
  for (const missing of required) if (!has(missing)) yield { wrong: { path, value, missing } };
  for (const group of exclusive) {
    const both = group.filter(has);
    if (both.length > 1) yield { wrong: { path: [...path, both[1] ?? ''], value, exclusive: both } };
  }
  for (const [name, node] of fields) {
    if (!has(name)) continue;
    for (const fault of faultsOf(schema, node, value[name], [...path, name])) {
      const own = 'wrong' in fault && fault.wrong.path.length === path.length + 1;
      yield own && required.includes(name) ? { wrong: { ...fault.wrong, required: true } } : fault;
    }
  }
}

function unknownFields(value: Readonly<Record<string, unknown>>, known: readonly string[]) {
  // `$patch` and the like are Kustomize's own, and never applied.
  const names = Object.keys(value).filter((name) => !name.startsWith('$'));
  return {
    found: names.filter((name) => !known.includes(name)),
    free: known.filter((name) => !names.includes(name)),
  };
}

const durationPattern = /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;

/** Types as the table names them: `string`, `text` (not empty), `duration`, `boolean`, `any`, `integer 0..100`, `number 0..`. */
export function isOfType(type: string, value: unknown): boolean {
  if (type === 'any') return true;
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'string') return typeof value === 'string';
  if (type === 'text') return typeof value === 'string' && value !== '';
  if (type === 'duration') return typeof value === 'string' && (durationPattern.test(value) || value === '0');
  const [name, bounds = '..'] = type.split(' ');
  const [min = '', max = ''] = bounds.split('..');
  if (typeof value !== 'number' || (name === 'integer' && !Number.isInteger(value))) return false;
  return (min === '' || value >= Number(min)) && (max === '' || value <= Number(max));
}
