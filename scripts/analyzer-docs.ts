import { readFileSync } from 'node:fs';
import { analyzerCodes } from './istio/analyzer-codes.ts';
import { type AnalyzerMessages, messagesFile } from './istio/record-messages.ts';
import { markdownTable } from './markdown-table.ts';

/** Each message of `istioctl analyze`, and what finds it here. */
export function analyzerTable(): string {
  const { messages } = JSON.parse(readFileSync(messagesFile, 'utf8')) as AnalyzerMessages;
  return markdownTable(
    ['code', 'message', 'here'],
    messages.map(({ code, name }) => [code, name, answerTo(code)]),
  );
}

function answerTo(code: string): string {
  const row = analyzerCodes[code];
  if (row?.rules === undefined) return `no: ${row?.why ?? ''}`;
  const rules = row.rules.map((rule) => `[${rule}](rules/${rule}.md)`).join(', ');
  return row.left === undefined ? rules : `${rules}. Not: ${row.left}`;
}
