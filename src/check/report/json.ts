import type { CheckResult } from './check-manifests.ts';

/** The result as it is, for programs. */
export function formatJson({ findings, suppressed, unread, skipped, objects }: CheckResult): string {
  return `${JSON.stringify({ version: 1, objects, findings, suppressed, unread, skipped }, null, 2)}\n`;
}
