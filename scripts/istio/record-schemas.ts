import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { SchemaTable } from '../../src/check/model/istio-schema.ts';
import { type CrdSchema, type Shape, shapeOf } from './crd-shape.ts';
import { rangeOf, ShapeTable } from './merge-shapes.ts';
import { moduleFolder } from './module-folder.ts';
import { readReleases } from './releases.ts';

interface Crd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema: { readonly openAPIV3Schema: CrdSchema };
    }[];
  };
}

export const schemaTableFile = 'src/check/model/istio-schema-table.ts';

/** What the CRDs of some releases say of their kinds, each by the version of istio.io/api that stands for it. */
export function recordSchemas(apis: Readonly<Record<string, string>>): SchemaTable {
  const releases = Object.keys(apis);
  const minors = releases.map(minorOf);
  const shapes = new Map<string, [number, Shape][]>();
  const served = new Map<string, Map<string, number[]>>();
  for (const [release, version] of Object.entries(apis)) {
    const minor = minorOf(release);
    for (const { kind, spec, versions } of crdsOf(version)) {
      push(shapes, kind, [minor, shapeOf(spec)]);
      const byName = served.get(kind) ?? new Map<string, number[]>();
      served.set(kind, byName);
      for (const name of versions) push(byName, name, minor);
    }
  }
  const table = new ShapeTable();
  const kinds = [...shapes].map(([kind, all]) => {
    const versions = [...(served.get(kind) ?? [])].map(([name, having]) => {
      const range = rangeOf(minors, having);
      return range === undefined ? name : [name, ...range];
    });
    return [kind, { versions, spec: table.merge(all) }];
  });
  return { kinds: Object.fromEntries(kinds), nodes: table.nodes } as SchemaTable;
}

/** What the CRDs of Istio's releases say of their kinds, as the file must be: a test compares it with what is there. */
export function schemaTable(): string {
  const { apis } = readReleases();
  const releases = Object.keys(apis);
  const data = JSON.stringify(recordSchemas(apis));
  const head = `/** Made by \`npm run record:istio\` from the CRDs of Istio ${releases[0]} to ${releases.at(-1)}; text, so that nobody pays for it who does not use it. */`;
  const text = data.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return `${head}\nexport const istioSchemaText =\n  '${text}';\n`;
}

/** The kinds of one release: the schema of their spec, which all their versions have, and the versions that are served. */
function crdsOf(version: string) {
  const folder = moduleFolder(`istio.io/api@${version}`);
  const text = readFileSync(join(folder, 'kubernetes', 'customresourcedefinitions.gen.yaml'), 'utf8');
  const crds = parseAllDocuments(text).map((document) => document.toJS() as Crd | null);
  return crds
    .filter((crd) => crd !== null)
    .map(({ spec: { group, names, versions } }) => {
      const kind = `${group}/${names.kind}`;
      const { spec, status: _, ...rest } = versions[0]?.schema.openAPIV3Schema.properties ?? {};
      if (spec === undefined || Object.keys(rest).length > 0) throw new Error(`${kind} has more than spec and status`);
      return { kind, spec, versions: versions.filter((one) => one.served).map(({ name }) => name) };
    });
}

function minorOf(release: string): number {
  return Number(release.split('.')[1]);
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}
