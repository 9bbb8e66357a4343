import type { KubeObject } from '../read/manifest.ts';
import type { Rule } from '../rules/shared/rule.ts';
import { docsPage, type Finding } from './finding.ts';
import { commentFingerprint } from './fingerprint.ts';
import type { readSuppressions, Suppression } from './read-suppressions.ts';

/** Reported by the checker about suppressions; they have a page as the rules have. */
export const suppressionRules = [
  {
    id: 'suppression-invalid',
    severity: 'warning',
    title: 'A suppression without a reason, or of a rule that does not exist',
    why: 'It suppresses nothing.',
    fix: '`# mesh-shim-ignore rule-id: reason`.',
    docs: [],
  },
  {
    id: 'suppression-unused',
    severity: 'warning',
    title: 'A suppression that suppresses nothing',
    why: 'What it was for is gone: left in place it would hide the next finding of its rule.',
    fix: 'Remove it.',
    docs: [],
  },
] as const satisfies readonly Omit<Rule, 'check'>[];

/** A finding that somebody knows of, with their reason. */
export type SuppressedFinding = Finding & { readonly reason: string };

/** Takes out the findings that are suppressed, and reports the suppressions that suppress nothing. `rules`: those that ran. */
export function suppress(
  found: readonly { readonly finding: Finding; readonly object: KubeObject }[],
  { valid, invalid }: ReturnType<typeof readSuppressions>,
  rules: readonly Rule[],
): { readonly findings: readonly Finding[]; readonly suppressed: readonly SuppressedFinding[] } {
  const used = new Set<Suppression>();
  const findings: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const { finding, object } of found) {
    const by = valid.find((suppression) => suppression.rule === finding.rule && covers(suppression, finding, object));
    if (by === undefined) findings.push(finding);
    else {
      used.add(by);
      suppressed.push({ ...finding, reason: by.reason });
    }
  }
  for (const entry of invalid)
    findings.push(findingAbout('suppression-invalid', entry, `It suppresses nothing: ${entry.message}.`));
  for (const entry of valid) {
    if (used.has(entry) || !rules.some(({ id }) => id === entry.rule)) continue;
    findings.push(findingAbout('suppression-unused', entry, `There is no finding of ${entry.rule} here to suppress.`));
  }
  return { findings, suppressed };
}

function covers({ file, from, to, object: whole }: Suppression, finding: Finding, object: KubeObject): boolean {
  if (whole !== undefined) return whole.data === object.data;
  return file === finding.file && from <= finding.line && finding.line <= to;
}

function findingAbout(
  rule: (typeof suppressionRules)[number]['id'],
  { file, line, column }: { readonly file: string; readonly line: number; readonly column: number },
  message: string,
): Finding {
  const fingerprint = commentFingerprint(rule, file, message);
  return {
    ...{ rule, severity: 'warning', message, file, line, column, path: '', fingerprint, restsOn: [] },
    docs: docsPage(rule),
  };
}
