/**
 * Records anew the messages of Istio's own analyzers: `node scripts/istio/record-messages.ts`. Needs Go, whose proxy has Istio's
 * source.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { reportBuildErrors } from '../run-command.ts';
import { moduleFolder } from './module-folder.ts';
import { istioApis, istioSource } from './releases.ts';

export interface AnalyzerMessages {
  readonly istio: string;
  readonly messages: readonly { readonly code: string; readonly name: string; readonly level: string }[];
}

export const messagesFile = 'test/fixtures/istio/analyzer-messages.json';

export function recordMessages(source: string): AnalyzerMessages['messages'] {
  const folder = moduleFolder(`istio.io/istio@${source}`);
  const text = readFileSync(join(folder, 'pkg/config/analysis/msg/messages.yaml'), 'utf8');
  const { messages } = parse(text) as AnalyzerMessages;
  return messages
    .map(({ code, name, level }) => ({ code, name, level }))
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

export function messagesText(): string {
  const messages: AnalyzerMessages = {
    istio: Object.keys(istioApis).at(-1) ?? '',
    messages: recordMessages(istioSource),
  };
  return `${JSON.stringify(messages, undefined, 2)}\n`;
}

if (import.meta.main) await reportBuildErrors(async () => writeFileSync(messagesFile, messagesText()));
