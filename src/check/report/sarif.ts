import type { CheckResult } from './check-manifests.ts';
import type { Finding } from './finding.ts';
import { documentedRules, ruleDescription } from './rule-page.ts';

const sarifLevels = { error: 'error', warning: 'warning', info: 'note' } as const;

/** SARIF 2.1.0, for code scanning. */
export function formatSarif(result: CheckResult, version: string): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'mesh-shim check',
            version,
            rules: documentedRules.map((rule) => ({
              id: rule.id,
              shortDescription: { text: rule.title },
              fullDescription: { text: rule.why },
              help: { text: `${rule.why}\n\nFix: ${rule.fix}`, markdown: ruleDescription(rule) },
              defaultConfiguration: { level: sarifLevels[rule.severity] },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful: result.unread.length === 0,
            toolExecutionNotifications: result.unread.map(({ file, line, column, message }) => ({
              level: 'error',
              message: { text: message },
              locations: [location(file, line, column)],
            })),
          },
        ],
        results: [
          ...result.findings.map((finding) => toResult(finding)),
          ...result.suppressed.map((finding) => ({
            ...toResult(finding),
            suppressions: [{ kind: 'inSource', justification: finding.reason }],
          })),
        ],
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function toResult(finding: Finding) {
  const fix = finding.fix === undefined ? '' : ` Fix: ${finding.fix.title}.`;
  return {
    ruleId: finding.rule,
    ruleIndex: documentedRules.findIndex(({ id }) => id === finding.rule),
    level: sarifLevels[finding.severity],
    message: { text: `${finding.message}${fix}` },
    locations: [location(finding.file, finding.line, finding.column)],
  };
}

function location(file: string, line: number, column: number) {
  const uri = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return {
    physicalLocation: {
      artifactLocation: { uri: uri.replace(/^\.\//, '') },
      region: { startLine: line, startColumn: column },
    },
  };
}
