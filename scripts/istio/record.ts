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

/** Module istio.io/api of each release; before 1.19 it has no tags, and the last commit before the release stands for it. */
const apiVersions: Readonly<Record<string, string>> = {
  '1.15': 'v0.0.0-20220826132550-04f2b20dc284',
  '1.16': 'v0.0.0-20221109202042-b9e5d446a83d',
  '1.17': 'v0.0.0-20230204131218-41d7951eb9e4',
  '1.18': 'v0.0.0-20230524015941-fa6c5f7916bf',
  '1.19': 'v1.19.8',
  '1.20': 'v1.20.8',
  '1.21': 'v1.21.6',
  '1.22': 'v1.22.5',
  '1.23': 'v1.23.4',
  '1.24': 'v1.24.4',
  '1.25': 'v1.25.5',
  '1.26': 'v1.26.4',
  '1.27': 'v1.27.8',
  '1.28': 'v1.28.3',
  '1.29': 'v1.29.6',
  '1.30': 'v1.30.8',
  '1.31': 'v1.31.4',
};

/** Istio 1.31; its releases have no tags that Go takes for versions. */
const istio = 'v0.0.0-20260827124520-eed52ebb66ad';

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
for (const [release, version] of Object.entries(apiVersions).filter(([name]) => isAsked(name))) {
  recorded[release] = { module: `istio.io/api ${version}`, ...(run('api', 'istio.io/api', version) as object) };
  process.stderr.write(`recorded ${release}\n`);
  writeFileSync(file, `${JSON.stringify(recorded)}\n`);
}
if (isAsked('injector')) {
  const pods = readFileSync(join(folder, 'annotations.json'), 'utf8');
  const outcomes = run('injector', 'istio.io/istio', istio, pods) as object[];
  const lines = outcomes.map((outcome) => `  ${JSON.stringify(outcome)}`).join(',\n');
  writeFileSync(join(folder, 'injector.json'), `[\n${lines}\n]\n`);
}
