import type { CheckResult } from './check-result.ts';
import { groupFindings } from './group-findings.ts';
import { spellFinding } from './spell-finding.ts';
import { uniqueFingerprints } from './unique-fingerprints.ts';

const severities = { error: 'critical', warning: 'major', info: 'info' } as const;

/**
 * GitLab's Code Quality report, for its merge requests; what was not checked is in it, too. A path must be relative to
 * the repository, and a fingerprint its own. Source: docs.gitlab.com, ci/testing/code_quality, "Code Quality report
 * format".
 */
export function formatGitlab(result: CheckResult): string {
  const unique = uniqueFingerprints();
  const found = groupFindings(result.findings)
    .flatMap(({ kinds }) => kinds.flatMap(({ findings }) => findings))
    .map((finding) => ({
      description: spellFinding(finding),
      check_name: finding.rule,
      fingerprint: unique(finding.fingerprint),
      severity: severities[finding.severity],
      location: location(finding.file, finding.line),
    }));
  const unread = result.unread.map(({ file, line, message }) => ({
    description: message,
    check_name: 'not-checked',
    fingerprint: unique(`not-checked ${file} ${line}`),
    severity: severities.error,
    location: location(file, line),
  }));
  return `${JSON.stringify([...unread, ...found], null, 2)}\n`;
}

function location(file: string, line: number) {
  return { path: file.replaceAll('\\', '/').replace(/^\.\//, ''), lines: { begin: line } };
}
