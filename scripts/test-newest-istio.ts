/**
 * Records what Istio's newest release says, or the version of istio.io/api that is given, and compares it with what is committed of the newest
 * release that the checker knows: `npm run test:newest-istio [-- VERSION]`. It needs Go and writes nothing. It ends with 1 where facts
 * differ, and says what to do.
 */
import { tmpdir } from 'node:os';
import process from 'node:process';
import { compareFacts } from './istio/compare-facts.ts';
import { factParts } from './istio/fact-parts.ts';
import { istioApis, istioSource } from './istio/releases.ts';
import { newestIn } from './newest.ts';
import { BuildError, reportBuildErrors } from './run-command.ts';
import { runGo } from './run-go.ts';

const go = (...args: string[]): string => runGo(args, { cwd: tmpdir() });
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** The version of istio.io/api: what is asked for, if the Go proxy has it, or the newest release. */
function apiVersion(asked: string | undefined): string {
  const known = go('list', '-m', '-versions', 'istio.io/api');
  if (asked === undefined) return `v${newestIn(known, 3)}`;
  const version = asked.replace(/^v?/, 'v');
  if (known.split(' ').includes(version)) return version;
  const newest = `the newest is ${newestIn(known, 3)}`;
  throw new BuildError(`istio.io/api has no version "${asked}" on the Go proxy; give one such as 1.31.4; ${newest}`);
}

function main([asked]: readonly string[]): void {
  const [known = '', knownApi = ''] = Object.entries(istioApis).at(-1) ?? [];
  const api = apiVersion(asked);
  const release = api.replace(/^v(\d+\.\d+)\..*/, '$1');
  // The proxy serves one version of Istio itself.
  const source = asked === undefined ? go('list', '-m', '-f', '{{.Version}}', 'istio.io/istio@latest') : undefined;
  say(`Istio ${release} (istio.io/api ${api}), beside what is committed of ${known} (${knownApi}):\n`);

  const commands: string[] = [];
  let differ = false;
  for (const [name, { module, committed, recorded, command }] of Object.entries(factParts)) {
    const version = module === 'istio.io/api' ? api : source;
    if (version === undefined) {
      say(`- ${name}: not compared; the Go proxy has only the newest source of Istio itself`);
      continue;
    }
    const { same, differences } = compareFacts(committed(known), recorded(release, version));
    say(`- ${name}: ${same} the same, ${differences.length === 0 ? 'none differs' : `${differences.length} differ`}`);
    for (const difference of differences) say(`  - ${difference}`);
    differ ||= differences.length > 0;
    // A new release has a row in each record.
    if (differences.length > 0 || release !== known) commands.push(command(release));
  }

  if (!differ) return;
  process.exitCode = 1;
  const replaced =
    release === known ? ` in the place of ${knownApi}` : ', and the release into src/check/model/inputs.ts';
  const newSource = source === undefined || source === istioSource ? '' : ` and istioSource '${source}'`;
  say(`
What to do: write '${release}': '${api}'${newSource} into scripts/istio/releases.ts${replaced}. Then

${[...commands, 'npm run docs', 'npx vitest run test/unit/check test/docs'].map((line) => `    ${line}`).join('\n')}

The tests name what rests on these facts. Where a rule would judge by another fact than before, it gets a range of releases.`);
}

await reportBuildErrors(async () => main(process.argv.slice(2)));
