import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { moduleFolder } from './module-folder.ts';
import { istioSources } from './releases.ts';

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

/** The messages of Istio's own analyzers, of the newest release whose source there is. */
export function messagesText(): string {
  const [istio = '', source] = Object.entries(istioSources).at(-1) ?? [];
  const messages: AnalyzerMessages = { istio, messages: recordMessages(source?.version ?? '') };
  return `${JSON.stringify(messages, undefined, 2)}\n`;
}
