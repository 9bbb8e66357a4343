import { readFileSync } from 'node:fs';
import { recordedSchemas } from '../../src/check/model/istio-schema.ts';
import type { Facts } from './compare-facts.ts';
import { runGoProgram } from './go-program.ts';
import { type AnalyzerMessages, messagesFile, recordMessages } from './record-messages.ts';
import { recordSchemas } from './record-schemas.ts';
import {
  podAnnotations,
  type RecordedApi,
  type RecordedInjector,
  recordedApis,
  recordedInjectors,
} from './recorded.ts';
import { istioSources } from './releases.ts';
import { schemaFacts } from './schema-facts.ts';

interface Part {
  /** The module that it is recorded from. */
  readonly module: 'istio.io/api' | 'istio.io/istio';
  /** Of the newest release that the checker knows. */
  readonly committed: (release: string) => Facts;
  readonly recorded: (release: string, version: string) => Facts;
}

/** The facts of a release that are kept here, and where they come from. */
export const factParts: Readonly<Record<string, Part>> = {
  'kinds and fields': {
    module: 'istio.io/api',
    committed: (release) => schemaFacts(recordedSchemas(), release),
    recorded: (release, version) => schemaFacts(recordSchemas({ [release]: version }), release),
  },
  'annotations and settings of proxies': {
    module: 'istio.io/api',
    committed: (release) => apiFacts(recordedApis()[release]),
    recorded: (_, version) => apiFacts(runGoProgram('api', 'istio.io/api', { version }) as RecordedApi),
  },
  'messages of the analyzers': {
    module: 'istio.io/istio',
    committed: () => messageFacts((JSON.parse(readFileSync(messagesFile, 'utf8')) as AnalyzerMessages).messages),
    recorded: (_, version) => messageFacts(recordMessages(version)),
  },
  'verdicts of the injector': {
    module: 'istio.io/istio',
    committed: () => injectorFacts(recordedInjectors()[Object.keys(istioSources).at(-1) ?? '']),
    recorded: (_, version) => {
      const pods = JSON.stringify(podAnnotations());
      return injectorFacts(runGoProgram('injector', 'istio.io/istio', sourceOf(version), pods) as RecordedInjector);
    },
  },
};

/** With what stands in the place of modules that its go.mod cannot have, where that is known. */
function sourceOf(version: string) {
  return Object.values(istioSources).find((known) => known.version === version) ?? { version };
}

function apiFacts({ annotations, messages }: Omit<RecordedApi, 'module'> = { annotations: [], messages: {} }): Facts {
  return new Map([
    ...annotations.map(({ name, resources }): [string, string] => [name, `for ${resources.join(', ')}`]),
    ...Object.entries(messages).flatMap(([message, fields]) =>
      Object.entries(fields).map(([field, type]): [string, string] => [`${message}.${field}`, type]),
    ),
  ]);
}

function messageFacts(messages: AnalyzerMessages['messages']): Facts {
  return new Map(messages.map(({ code, name, level }) => [code, `${name}, ${level}`]));
}

function injectorFacts(
  { templates, outcomes }: Omit<RecordedInjector, 'module'> = { templates: [], outcomes: [] },
): Facts {
  return new Map([
    ...templates.map((name): [string, string] => [`template ${name}`, 'is there']),
    ...outcomes.map(({ annotations, error, ...pod }): [string, string] => [
      JSON.stringify(annotations),
      error === undefined ? JSON.stringify(pod) : inOneOrder(error),
    ]),
  ]);
}

/** Names of templates stand in the error in the order of a map in Go, which changes from run to run. */
function inOneOrder(error: string): string {
  return error.replace(/(?<=; have ).*$/, (names) => names.split(', ').toSorted().join(', '));
}
