import { readFileSync } from 'node:fs';
import { analyzerCodes } from './istio/analyzer-codes.ts';
import { type AnalyzerMessages, messagesFile } from './istio/record-messages.ts';
import { markdownTable } from './markdown-table.ts';

function recorded(): AnalyzerMessages {
  return JSON.parse(readFileSync(messagesFile, 'utf8')) as AnalyzerMessages;
}

export function analyzerRelease(): string {
  return `All of Istio ${recorded().istio}. A rule finds the same cause; where it judges otherwise, its page says so.`;
}

/** Each message of `istioctl analyze`, and what finds it here. */
export function analyzerTable(): string {
  return markdownTable(
    ['code', 'message', 'here'],
    recorded().messages.map(({ code, name }) => [code, name, answerTo(code)]),
  );
}

function answerTo(code: string): string {
  const row = analyzerCodes[code];
  if (row?.rules === undefined) return `no: ${row?.why ?? ''}`;
  const rules = row.rules.map((rule) => `[${rule}](rules/${rule}.md)`).join(', ');
  return row.left === undefined ? rules : `${rules}. Not: ${row.left}`;
}
