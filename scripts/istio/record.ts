/**
 * Takes in what is new of Istio, and records anew what its own code says: `npm run record:istio`. Needs Go, whose proxy has the modules.
 * The first time takes half a minute for each release's API, and minutes for each injector; what is recorded already takes none.
 *
 * - releases.json: the newest patch of each release of the API, and releases that are newer than the known ones.
 * - api.json: annotations and the settings of proxies, of each release; the checker's tables are made from it.
 * - injector.json: what the injectors make of the pods in annotations.json.
 * - the checker's table of Istio's kinds, and the messages of `istioctl analyze`.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { reportBuildErrors } from '../run-command.ts';
import { writeApiTables } from './api-tables.ts';
import { runGoProgram } from './go-program.ts';
import { namedApis, withNewer } from './newer-apis.ts';
import { messagesFile, messagesText } from './record-messages.ts';
import { schemaTable, schemaTableFile } from './record-schemas.ts';
import {
  apiFile,
  injectorFile,
  type Outcome,
  podAnnotations,
  type RecordedApi,
  type RecordedInjector,
  recordedApis,
  recordedInjectors,
} from './recorded.ts';
import { readReleases, releasesFile } from './releases.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function takeIn(): Readonly<Record<string, string>> {
  const { apis, sources } = readReleases();
  const newer = withNewer(apis, namedApis());
  writeFileSync(releasesFile, `${JSON.stringify({ apis: newer, sources }, undefined, 2)}\n`);
  for (const [release, version] of Object.entries(newer))
    if (apis[release] !== version) say(`Istio ${release}: ${apis[release] ?? 'new'} -> ${version}`);
  return newer;
}

function recordApis(apis: Readonly<Record<string, string>>): void {
  const had = recordedApis();
  const all: Record<string, RecordedApi> = {};
  for (const [release, version] of Object.entries(apis)) {
    const module = `istio.io/api ${version}`;
    const known = had[release];
    if (known?.module === module) all[release] = known;
    else {
      all[release] = { module, ...(runGoProgram('api', 'istio.io/api', { version }) as Omit<RecordedApi, 'module'>) };
      say(`recorded the API of ${release}`);
    }
  }
  writeFileSync(apiFile, `${JSON.stringify(all)}\n`);
}

function recordInjectors(): void {
  const had = recordedInjectors();
  const pods = podAnnotations();
  const all: Record<string, RecordedInjector> = {};
  for (const [release, source] of Object.entries(readReleases().sources)) {
    const module = `istio.io/istio ${source.version}`;
    const known = had[release];
    const asked = known?.outcomes.map(({ annotations }) => annotations);
    if (known?.module === module && JSON.stringify(asked) === JSON.stringify(pods)) all[release] = known;
    else {
      const result = runGoProgram('injector', 'istio.io/istio', source, JSON.stringify(pods));
      all[release] = { module, ...(result as Omit<RecordedInjector, 'module'>) };
      say(`recorded the injector of ${release}`);
    }
  }
  writeFileSync(injectorFile, `{\n${Object.entries(all).map(injectorText).join(',\n')}\n}\n`);
}

/** An outcome a line, so that a change can be read. */
function injectorText([release, { module, templates, outcomes }]: readonly [string, RecordedInjector]): string {
  const lines = outcomes.map((outcome: Outcome) => `      ${JSON.stringify(outcome)}`).join(',\n');
  const head = `    "module": ${JSON.stringify(module)},\n    "templates": ${JSON.stringify(templates)}`;
  return `  ${JSON.stringify(release)}: {\n${head},\n    "outcomes": [\n${lines}\n    ]\n  }`;
}

await reportBuildErrors(async () => {
  recordApis(takeIn());
  recordInjectors();
  const made = [...writeApiTables(), schemaTableFile];
  writeFileSync(schemaTableFile, schemaTable());
  writeFileSync(messagesFile, messagesText());
  const formatted = spawnSync('npx', ['biome', 'check', '--write', ...made], { stdio: 'inherit' });
  process.exitCode = formatted.status ?? 1;
});
