import { expect, it } from 'vitest';
import { type CrdSchema, shapeOf } from '../../../../scripts/istio/crd-shape.ts';
import { ShapeTable } from '../../../../scripts/istio/merge-shapes.ts';
import { istioApis } from '../../../../scripts/istio/releases.ts';
import { supportedIstio } from '../../../../src/check/model/inputs.ts';
import { IstioSchema } from '../../../../src/check/model/istio-schema.ts';
import { istioSchemaText } from '../../../../src/check/model/istio-schema-table.ts';
import { ownKinds } from '../../../../src/check/model/own-kinds.ts';

const of = (kind: string, group = 'networking.istio.io') => ({ group, kind });

it('was recorded from every release that the checker knows, and from no other', () => {
  expect(Object.keys(istioApis)).toEqual(supportedIstio);
});

it('has every kind of Istio that the rules ask for', () => {
  const recorded = Object.keys((JSON.parse(istioSchemaText) as { kinds: object }).kinds);
  const asked = Object.entries(ownKinds).flatMap(([kind, groups]) =>
    groups.filter((group) => group.endsWith('.istio.io')).map((group) => `${group}/${kind}`),
  );
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((kind) => !recorded.includes(kind))).toEqual([]);
});

it('knows what each release has', () => {
  const plugin = of('WasmPlugin', 'extensions.istio.io');
  const optionsIn = (release: string) => {
    const schema = new IstioSchema(release);
    const { fields, others } = schema.object(schema.specOf(plugin) ?? -1) ?? {};
    return [fields?.has('targetRefs'), others?.get('targetRefs')];
  };
  expect(optionsIn('1.21')).toEqual([false, { since: 22, until: undefined }]);
  expect(optionsIn('1.22')).toEqual([true, undefined]);
  expect(new IstioSchema('1.21').versionsOf(of('Gateway'))).toEqual({
    served: ['v1alpha3', 'v1beta1'],
    others: new Map([['v1', { since: 22, until: undefined }]]),
  });
  expect(new IstioSchema('1.31').versionsOf(of('Gateway')).served).toEqual(['v1alpha3', 'v1beta1', 'v1']);
});

it('knows no kind of other names, not even those that every object has', () => {
  const schema = new IstioSchema('1.31');
  expect(schema.specOf(of('Gateway', 'gateway.networking.k8s.io'))).toBeUndefined();
  expect(schema.specOf(of('constructor', ''))).toBeUndefined();
  expect(schema.versionsOf(of('Unheard'))).toEqual({ served: [], others: new Map() });
});

it('is made of the releases that have a field, a value, a type and a limit', () => {
  const crd = (fields: Readonly<Record<string, CrdSchema>>, more: Partial<CrdSchema> = {}) =>
    shapeOf({ type: 'object', properties: fields, ...more });
  const string = { type: 'string' };
  const table = new ShapeTable();
  table.merge([
    [20, crd({ name: string, gone: string, mode: { enum: ['A', 'B'] }, hosts: { type: 'array', items: string } })],
    [21, crd({ name: string, gone: string, mode: { enum: ['A', 'B', 'C'] }, port: { type: 'integer' } })],
    [22, crd({ name: { ...string, minLength: 1 }, port: { type: 'integer', minimum: 1 }, mode: { enum: ['A', 'C'] } })],
  ]);
  expect(table.nodes.at(-1)).toEqual({
    f: { gone: [0, 20, 21], hosts: [1, 20, 20], mode: 2, name: 4, port: [7, 21] },
  });
  expect(table.nodes[0]).toBe('string');
  expect(table.nodes[1]).toEqual({ l: 0 });
  expect(table.nodes[2]).toEqual({ e: ['A', ['B', 20, 21], ['C', 21]] });
  expect(table.nodes[4]).toEqual({
    v: [
      [20, 21, 0],
      [22, 22, 3],
    ],
  });
  expect(table.nodes[3]).toBe('text');
  expect([table.nodes[5], table.nodes[6]]).toEqual(['integer', 'integer 1..']);
});

it('reads what excludes each other, in both spellings of CRDs', () => {
  const required = (name: string) => ({ required: [name] });
  const properties = { a: { type: 'string' }, b: { type: 'string' } };
  const old = { oneOf: [{ not: { anyOf: [required('a'), required('b')] } }, required('a'), required('b')] };
  const written = {
    'x-kubernetes-validations': [{ rule: '(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) <= 1' }],
  };
  for (const spelling of [old, written, { allOf: [old] }]) {
    expect(shapeOf({ type: 'object', properties, ...spelling })).toMatchObject({ exclusive: [['a', 'b']] });
  }
  expect(shapeOf({ type: 'object', properties, oneOf: [required('a')] })).toMatchObject({ exclusive: [] });
});
