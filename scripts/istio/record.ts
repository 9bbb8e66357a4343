/**
 * Records anew what Istio's own code says: `node scripts/istio/record.ts [RELEASE...]`. Needs Go; the modules come from the
 * Go proxy.
 *
 * - api.json: annotations and the fields of ProxyConfig of each supported release; half a minute a release.
 * - injector.json: what the injector of the newest release makes of the pods in annotations.json (`injector` for it alone);
 *   building it takes minutes. The proxy serves no older release of istio.io/istio.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { reportBuildErrors } from '../run-command.ts';
import { runGo } from '../run-go.ts';
import { istioApis, istioSource } from './releases.ts';

const folder = 'test/fixtures/istio';
export const apiFile = join(folder, 'api.json');
export const injectorFile = join(folder, 'injector.json');
const podsFile = join(folder, 'annotations.json');

export interface ApiFacts {
  /** Where it was recorded from. */
  readonly module?: string;
  readonly annotations: readonly {
    readonly name: string;
    readonly resources: readonly string[];
    readonly deprecated?: boolean;
  }[];
  /** Types of the fields, by their names. */
  readonly proxyConfig: Readonly<Record<string, string>>;
}

/** What becomes of a pod with these annotations. */
export interface InjectorOutcome {
  readonly annotations: Readonly<Record<string, string>>;
  readonly error?: string;
}

/** What a program prints, in a module of its own: each release wants other versions of everything. */
function run(program: string, module: string, version: string, input = ''): unknown {
  const work = mkdtempSync(join(tmpdir(), 'istio-facts-'));
  const go = (...args: string[]) => runGo(args, { cwd: work, input, env: { GOFLAGS: '-mod=mod' } });
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

/** What one release of istio.io/api knows: its annotations, and the fields of ProxyConfig. */
export function recordApi(version: string): ApiFacts {
  return run('api', 'istio.io/api', version) as ApiFacts;
}

/** What the injector of one release makes of the pods in annotations.json. */
export function recordInjector(source: string): InjectorOutcome[] {
  return run('injector', 'istio.io/istio', source, readFileSync(podsFile, 'utf8')) as InjectorOutcome[];
}

function main(asked: readonly string[]): void {
  const isAsked = (what: string) => asked.length === 0 || asked.includes(what);
  const recorded = JSON.parse(readFileSync(apiFile, 'utf8')) as Record<string, ApiFacts>;
  for (const [release, version] of Object.entries(istioApis).filter(([name]) => isAsked(name))) {
    recorded[release] = { module: `istio.io/api ${version}`, ...recordApi(version) };
    process.stderr.write(`recorded ${release}\n`);
    writeFileSync(apiFile, `${JSON.stringify(recorded)}\n`);
  }
  if (isAsked('injector')) {
    const lines = recordInjector(istioSource).map((outcome) => `  ${JSON.stringify(outcome)}`);
    writeFileSync(injectorFile, `[\n${lines.join(',\n')}\n]\n`);
  }
}

if (import.meta.main) await reportBuildErrors(async () => main(process.argv.slice(2)));
