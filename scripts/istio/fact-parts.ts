import { readFileSync } from 'node:fs';
import { recordedSchemas } from '../../src/check/model/istio-schema.ts';
import type { Facts } from './compare-facts.ts';
import { type ApiFacts, apiFile, type InjectorOutcome, injectorFile, recordApi, recordInjector } from './record.ts';
import { type AnalyzerMessages, messagesFile, recordMessages } from './record-messages.ts';
import { recordSchemas } from './record-schemas.ts';
import { schemaFacts } from './schema-facts.ts';

interface Part {
  /** The module that it is recorded from. */
  readonly module: 'istio.io/api' | 'istio.io/istio';
  readonly committed: (release: string) => Facts;
  readonly recorded: (release: string, version: string) => Facts;
  /** What writes it anew once the release stands in releases.ts. */
  readonly command: (release: string) => string;
}

/** The facts of a release that are kept here, and where they come from. */
export const factParts: Readonly<Record<string, Part>> = {
  'kinds and fields': {
    module: 'istio.io/api',
    committed: (release) => schemaFacts(recordedSchemas(), release),
    recorded: (release, version) => schemaFacts(recordSchemas({ [release]: version }), release),
    command: () => 'node scripts/istio/record-schemas.ts',
  },
  'annotations and ProxyConfig': {
    module: 'istio.io/api',
    committed: (release) => apiFacts(readJson<Record<string, ApiFacts>>(apiFile)[release]),
    recorded: (_, version) => apiFacts(recordApi(version)),
    command: (release) => `node scripts/istio/record.ts ${release}`,
  },
  'messages of the analyzers': {
    module: 'istio.io/istio',
    committed: () => messageFacts(readJson<AnalyzerMessages>(messagesFile).messages),
    recorded: (_, version) => messageFacts(recordMessages(version)),
    command: () => 'node scripts/istio/record-messages.ts',
  },
  'verdicts of the injector': {
    module: 'istio.io/istio',
    committed: () => injectorFacts(readJson<InjectorOutcome[]>(injectorFile)),
    recorded: (_, version) => injectorFacts(recordInjector(version)),
    command: () => 'node scripts/istio/record.ts injector',
  },
};

function readJson<Content>(path: string): Content {
  return JSON.parse(readFileSync(path, 'utf8')) as Content;
}

function apiFacts({ annotations, proxyConfig }: ApiFacts = { annotations: [], proxyConfig: {} }): Facts {
  return new Map([
    ...annotations.map(({ name, resources, deprecated }): [string, string] => [
      name,
      `${deprecated ? 'deprecated, ' : ''}for ${resources.join(', ')}`,
    ]),
    ...Object.entries(proxyConfig).map(([name, type]): [string, string] => [`ProxyConfig.${name}`, type]),
  ]);
}

function messageFacts(messages: AnalyzerMessages['messages']): Facts {
  return new Map(messages.map(({ code, name, level }) => [code, `${name}, ${level}`]));
}

function injectorFacts(outcomes: readonly InjectorOutcome[]): Facts {
  return new Map(
    outcomes.map(({ annotations, error, ...pod }) => [
      JSON.stringify(annotations),
      error === undefined ? JSON.stringify(pod) : inOneOrder(error),
    ]),
  );
}

/** Names of templates stand in the error in the order of a map in Go, which changes from run to run. */
function inOneOrder(error: string): string {
  return error.replace(/(?<=; have ).*$/, (names) => names.split(', ').toSorted().join(', '));
}
