import type { CheckResult } from './check-result.ts';

/** The result as it is, for programs. */
export function formatJson({ objects, census, advice, baseline, ...found }: CheckResult): string {
  const { findings, suppressed, unread, skipped } = found;
  const data = { version: 1, objects, census, advice, baseline, findings, suppressed, unread, skipped };
  return `${JSON.stringify(data, null, 2)}\n`;
}
