import type { CheckResult } from './check-manifests.ts';
import { describeFix } from './describe-fix.ts';
import type { Finding } from './finding.ts';

/** The result as it is, for programs; the fixes as patches and manifests. */
export function formatJson({ findings, suppressed, unread, skipped, objects }: CheckResult): string {
  const result = {
    version: 1,
    objects,
    findings: findings.map(withPlainFix),
    suppressed: suppressed.map(withPlainFix),
    unread,
    skipped,
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}

function withPlainFix(finding: Finding) {
  return finding.fix === undefined ? finding : { ...finding, fix: describeFix(finding.fix) };
}
