import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';
import { compareFacts } from '../../../scripts/istio/compare-facts.ts';
import { type CrdSchema, shapeOf } from '../../../scripts/istio/crd-shape.ts';
import { factParts } from '../../../scripts/istio/fact-parts.ts';
import { ShapeTable } from '../../../scripts/istio/merge-shapes.ts';
import { istioApis } from '../../../scripts/istio/releases.ts';
import { schemaFacts } from '../../../scripts/istio/schema-facts.ts';
import type { SchemaTable } from '../../../src/check/model/istio-schema.ts';

it('names what is new, gone and another', () => {
  const committed = new Map(Object.entries({ kept: 'a', gone: 'b', typed: 'string' }));
  const recorded = new Map(Object.entries({ typed: 'integer', fresh: 'c', kept: 'a' }));
  expect(compareFacts(committed, recorded)).toEqual({
    same: 1,
    differences: ['new: `fresh`: c', 'gone: `gone`: b', 'changed: `typed`: integer; was string'],
  });
});

it('what a table of many releases says of one is what the table of that one says', () => {
  const string: CrdSchema = { type: 'string' };
  const older = shapeOf({ type: 'object', properties: { name: string, mode: { enum: ['B', 'A'] }, gone: string } });
  const newer = shapeOf({
    type: 'object',
    required: ['name'],
    oneOf: [{ required: ['name'] }, { required: ['ports'] }],
    properties: {
      name: { ...string, minLength: 1 },
      mode: { enum: ['A', 'C'] },
      ports: { type: 'array', minItems: 1, items: { type: 'integer', minimum: 1, maximum: 9 } },
      labels: { type: 'object', additionalProperties: string },
    },
  });
  const tableOf = (...shapes: Parameters<ShapeTable['merge']>[0]): SchemaTable => {
    const table = new ShapeTable();
    const spec = table.merge(shapes);
    return {
      kinds: { 'x.istio.io/Kind': { versions: ['v1'], spec }, 'x.istio.io/Gone': { versions: [['v1', 1, 2]], spec } },
      nodes: table.nodes,
    } as SchemaTable;
  };
  const both = tableOf([20, older], [21, newer]);
  expect(schemaFacts(both, '1.20')).toEqual(schemaFacts(tableOf([20, older]), '1.20'));
  expect(schemaFacts(both, '1.21')).toEqual(schemaFacts(tableOf([21, newer]), '1.21'));
  expect(Object.fromEntries(schemaFacts(both, '1.21'))).toEqual({
    'x.istio.io/Kind': 'served as v1',
    'x.istio.io/Kind spec': 'an object; needs name; one at most of name, ports',
    'x.istio.io/Kind spec.labels': 'a map',
    'x.istio.io/Kind spec.labels{}': 'string',
    'x.istio.io/Kind spec.mode': 'one of A, C',
    'x.istio.io/Kind spec.name': 'text',
    'x.istio.io/Kind spec.ports': 'a list of at least 1',
    'x.istio.io/Kind spec.ports[]': 'integer 1..9',
  });
});

it.each(Object.entries(factParts))('has facts of the newest release: %s', (_, { committed }) => {
  expect(committed(Object.keys(istioApis).at(-1) ?? '').size).toBeGreaterThan(50);
});

it('the committed facts of two releases differ by what came between them', () => {
  const { committed } = factParts['kinds and fields'] ?? {};
  const { differences } = compareFacts(committed?.('1.21') ?? new Map(), committed?.('1.22') ?? new Map());
  expect(differences).toContain(
    'changed: `networking.istio.io/Gateway`: served as v1, v1alpha3, v1beta1; was served as v1alpha3, v1beta1',
  );
  expect(differences.join('\n')).toMatch(/^new: `extensions.istio.io\/WasmPlugin spec.targetRefs`: a list$/m);
});

it('an error that lists templates is the same in each order of them', () => {
  const verdicts = factParts['verdicts of the injector']?.committed('') ?? new Map();
  const listed = [...verdicts.values()].flatMap((verdict) => /; have (.*)$/.exec(verdict)?.[1] ?? []);
  expect(listed.length).toBeGreaterThan(0);
  for (const names of listed) expect(names).toBe(names.split(', ').toSorted().join(', '));
});

it('says so where Go is missing', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/test-newest-istio.ts'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: dirname(process.execPath) },
  });
  expect(stderr).toBe(
    'Go is missing: there is no command "go" in PATH; install Go 1.24 or newer, https://go.dev/dl/\n',
  );
  expect([status, stdout]).toEqual([1, '']);
});
