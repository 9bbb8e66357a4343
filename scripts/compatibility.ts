import { readFileSync } from 'node:fs';
import { inputTable } from '../src/check/model/inputs.ts';
import { evidence } from '../src/mesh/profiles/evidence.ts';
import { type MeshName, meshNames } from '../src/mesh/profiles/profiles.ts';
import { envoyVersions } from './envoy-binary.ts';
import { markdownTable } from './markdown-table.ts';

/** What one part of mesh-shim works with, and how that is known. */
export interface Compatibility {
  readonly part: string;
  readonly works: string;
  readonly how: string;
}

const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
const valuesOf = (input: string): string => inputTable.find(({ name }) => name === input)?.values ?? '';

/** Node 20 is the machine's own in the newcomer's set-up; the lines after it are those that the tests look for. */
export const nodeLines = [20, 22, 24, 26] as const;

/** The page docs/compatibility.md is made from it. Versions stand where the tests and the code use them, and are read from there. */
export const compatibility: readonly Compatibility[] = [
  {
    part: 'the static executable',
    works: 'Linux on x64 and arm64, any distribution and none',
    how: 'tests, on arm64 by emulation',
  },
  {
    part: 'the Node bundle, the preload, the tools',
    works: `Node ${nodeLines.join(', ')} and the lines between`,
    how: 'tests on each of these that is installed',
  },
  { part: 'the library', works: `Node ${engines.node}`, how: 'tests; other runtimes: [imports](imports.md)' },
  { part: 'Envoy', works: 'each supported version', how: `tests against Envoy ${envoyVersions.join(' and ')}` },
  {
    part: 'the checker: Istio',
    works: `${valuesOf('istio')}; a newer one is taken as the newest`,
    how: "tests against what Istio's own code said of manifests",
  },
  {
    part: 'the checker: Kubernetes',
    works: valuesOf('kubernetes'),
    how: "tests against Kubernetes' schemas and admission code",
  },
  ...meshNames
    .filter((mesh) => mesh !== 'envoy')
    .map((mesh) => ({ part: `the shim beside ${mesh}`, works: ranVersions(mesh), how: '[meshes](meshes.md)' })),
];

/** The versions whose replies were recorded. */
function ranVersions(mesh: MeshName): string {
  const runs = evidence[mesh].flatMap(({ source }) =>
    source.startsWith('run, ') ? [source.slice('run, '.length).split(';')[0] as string] : [],
  );
  return [...new Set(runs)].join('; ') || 'by its sources';
}

export function compatibilityTable(): string {
  return markdownTable(
    ['part', 'works with', 'how that is known'],
    compatibility.map(({ part, works, how }) => [part, works, how]),
  );
}
