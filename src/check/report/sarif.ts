import type { CheckResult } from './check-result.ts';
import type { Finding } from './finding.ts';
import { groupFindings } from './group-findings.ts';
import { documentedRules, ruleDescription } from './rule-page.ts';
import { spellFinding } from './spell-finding.ts';
import { uniqueFingerprints } from './unique-fingerprints.ts';

const sarifLevels = { error: 'error', warning: 'warning', info: 'note' } as const;

/**
 * SARIF 2.1.0, for code scanning. Results come in the groups of the text; the fingerprint of each is the same in the next
 * run, whatever moves in the file.
 */
export function formatSarif(result: CheckResult, version: string): string {
  const grouped = groupFindings(result.findings).flatMap(({ kinds }) => kinds.flatMap(({ findings }) => findings));
  const state = result.baseline === undefined ? {} : { baselineState: 'new' };
  const toResult = resultMaker();
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
          ...grouped.map((finding) => ({ ...toResult(finding), ...state })),
          ...result.suppressed.map((finding) => ({
            ...toResult(finding),
            suppressions: [{ kind: 'inSource', justification: finding.reason }],
          })),
        ],
        properties: { census: result.census },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultMaker() {
  const unique = uniqueFingerprints();
  return (finding: Finding) => ({
    ruleId: finding.rule,
    ruleIndex: documentedRules.findIndex(({ id }) => id === finding.rule),
    level: sarifLevels[finding.severity],
    message: { text: spellFinding(finding) },
    locations: [location(finding.file, finding.line, finding.column)],
    partialFingerprints: { 'meshShim/v1': unique(finding.fingerprint) },
  });
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
