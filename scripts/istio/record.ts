/**
 * Records anew what Istio's own code says: `node scripts/istio/record.ts [RELEASE...]`. Needs Go; the modules come from the
 * Go proxy.
 *
 * - api.json: annotations and the fields of ProxyConfig of each supported release; half a minute a release.
 * - injector.json: what the injector of the newest release makes of the pods in annotations.json (`injector` for it alone);
 *   building it takes minutes. The proxy serves no older release of istio.io/istio.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { istioApis, istioSource } from './releases.ts';

const folder = 'test/fixtures/istio';
const file = join(folder, 'api.json');

/** What a program prints, in a module of its own: each release wants other versions of everything. */
function run(program: string, module: string, version: string, input = ''): unknown {
  const work = mkdtempSync(join(tmpdir(), 'istio-facts-'));
  const go = (...args: string[]): string => {
    const env = { ...process.env, GOFLAGS: '-mod=mod' };
    const result = spawnSync('go', args, { cwd: work, env, input, encoding: 'utf8', maxBuffer: 2 ** 26 });
    if (result.error || result.status !== 0)
      throw new Error(`go ${args[0]}: ${result.error?.message ?? result.stderr}`);
    return result.stdout.trimEnd();
  };
  try {
    copyFileSync(join(import.meta.dirname, program, 'main.go'), join(work, 'main.go'));
    writeFileSync(join(work, 'go.mod'), `module facts\n\ngo 1.24\n\nrequire ${module} ${version}\n`);
    go('mod', 'tidy');
    const source = go('list', '-m', '-f', '{{.Dir}}', module);
    // Istio logs to the standard output as well: the result is the last line.
    return JSON.parse(go('run', '.', source).split('\n').at(-1) ?? '');
  } finally {
    rmSync(work, { recursive: true });
  }
}

const asked = process.argv.slice(2);
const isAsked = (what: string) => asked.length === 0 || asked.includes(what);
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Record<string, object>;
for (const [release, version] of Object.entries(istioApis).filter(([name]) => isAsked(name))) {
  recorded[release] = { module: `istio.io/api ${version}`, ...(run('api', 'istio.io/api', version) as object) };
  process.stderr.write(`recorded ${release}\n`);
  writeFileSync(file, `${JSON.stringify(recorded)}\n`);
}
if (isAsked('injector')) {
  const pods = readFileSync(join(folder, 'annotations.json'), 'utf8');
  const outcomes = run('injector', 'istio.io/istio', istioSource, pods) as object[];
  const lines = outcomes.map((outcome) => `  ${JSON.stringify(outcome)}`).join(',\n');
  writeFileSync(join(folder, 'injector.json'), `[\n${lines}\n]\n`);
}
