import type { CheckResult } from './check-manifests.ts';

/** The result as it is, for programs. */
export function formatJson({ findings, suppressed, unread, skipped, objects, census }: CheckResult): string {
  return `${JSON.stringify({ version: 1, objects, census, findings, suppressed, unread, skipped }, null, 2)}\n`;
}
