/**
 * Records anew the messages of Istio's own analyzers: `node scripts/istio/record-messages.ts`. Needs Go, whose proxy has Istio's
 * source.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { moduleFolder } from './module-folder.ts';
import { istioApis, istioSource } from './releases.ts';

export interface AnalyzerMessages {
  readonly istio: string;
  readonly messages: readonly { readonly code: string; readonly name: string; readonly level: string }[];
}

export const messagesFile = 'test/fixtures/istio/analyzer-messages.json';

function analyzerMessages(): AnalyzerMessages {
  const folder = moduleFolder(`istio.io/istio@${istioSource}`);
  const text = readFileSync(join(folder, 'pkg/config/analysis/msg/messages.yaml'), 'utf8');
  const { messages } = parse(text) as AnalyzerMessages;
  return {
    istio: Object.keys(istioApis).at(-1) ?? '',
    messages: messages
      .map(({ code, name, level }) => ({ code, name, level }))
      .toSorted((a, b) => (a.code < b.code ? -1 : 1)),
  };
}

export function messagesText(): string {
  return `${JSON.stringify(analyzerMessages(), undefined, 2)}\n`;
}

if (import.meta.main) writeFileSync(messagesFile, messagesText());
