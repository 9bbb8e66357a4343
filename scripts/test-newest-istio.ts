/**
 * Records what Istio's newest release says, or the version of istio.io/api that is given, and compares it with what is committed of the newest
 * release that the checker knows: `npm run test:newest-istio [-- VERSION]`. It needs Go and writes nothing. It ends with 1 where facts
 * differ, and says what to do.
 */
import { tmpdir } from 'node:os';
import process from 'node:process';
import { compareVersions } from './compare-versions.ts';
import { compareFacts } from './istio/compare-facts.ts';
import { factParts } from './istio/fact-parts.ts';
import { namedApis } from './istio/newer-apis.ts';
import { istioApis, istioSources } from './istio/releases.ts';
import { newestIn } from './newest.ts';
import { BuildError, reportBuildErrors } from './run-command.ts';
import { runGo } from './run-go.ts';

const go = (...args: string[]): string => runGo(args, { cwd: tmpdir() });
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** The version of istio.io/api: what is asked for, if the Go proxy has it, or the newest release. */
function apiVersion(asked: string | undefined): string {
  const known = namedApis();
  const newest = newestIn(known.join(' '), 3);
  if (asked === undefined) return `v${newest}`;
  const version = asked.replace(/^v?/, 'v');
  if (known.includes(version)) return version;
  throw new BuildError(`istio.io/api has no version "${asked}" on the Go proxy; the newest is ${newest}`);
}

function main([asked]: readonly string[]): void {
  const [known = '', knownApi = ''] = Object.entries(istioApis).at(-1) ?? [];
  const api = apiVersion(asked);
  const release = api.replace(/^v(\d+\.\d+)\..*/, '$1');
  // The proxy serves one version of Istio itself.
  const source = asked === undefined ? go('list', '-m', '-f', '{{.Version}}', 'istio.io/istio@latest') : undefined;
  say(`Istio ${release} (istio.io/api ${api}), beside what is committed of ${known} (${knownApi}):\n`);

  let differ = false;
  for (const [name, { module, committed, recorded }] of Object.entries(factParts)) {
    const version = module === 'istio.io/api' ? api : source;
    if (version === undefined) {
      say(`- ${name}: not compared; the Go proxy has only the newest source of Istio itself`);
      continue;
    }
    const { same, differences } = compareFacts(committed(known), recorded(release, version));
    say(`- ${name}: ${same} the same, ${differences.length === 0 ? 'none differs' : `${differences.length} differ`}`);
    for (const difference of differences) say(`  - ${difference}`);
    differ ||= differences.length > 0;
  }

  if (!differ) return;
  process.exitCode = 1;
  if (compareVersions(api, knownApi) < 0) return void say('\nThis version is older than what is committed.');
  const isNewSource = source !== undefined && Object.values(istioSources).every(({ version }) => version !== source);
  const first = isNewSource
    ? `write the version of Istio's source, ${source}, into "sources" of scripts/istio/releases.json; then `
    : '';
  say(
    `\nWhat to do: ${first}npm run record:istio takes it in; CONTRIBUTING.md, "A new release of Istio", says what is left to be read.`,
  );
}

await reportBuildErrors(async () => main(process.argv.slice(2)));
