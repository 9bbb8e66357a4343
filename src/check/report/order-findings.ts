import type { ManifestSource } from '../read/manifest.ts';
import { severities } from '../rules/shared/rule.ts';
import type { Finding } from './finding.ts';

/** The order in which people read: of the files as they were given, of lines, and the most severe first where all is one place. */
export function orderFindings(findings: readonly Finding[], sources: readonly ManifestSource[]): readonly Finding[] {
  const files = new Map(sources.map(({ name }, index) => [name, index]));
  return findings.toSorted(
    (a, b) =>
      (files.get(a.file) ?? 0) - (files.get(b.file) ?? 0) ||
      a.line - b.line ||
      a.column - b.column ||
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      (a.rule < b.rule ? -1 : 1),
  );
}
