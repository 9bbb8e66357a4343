import { isDict } from '../read/values.ts';
import type { CheckResult } from './check-result.ts';
import type { Finding } from './finding.ts';

/** Findings that were there before, by their fingerprints; one that was found twice stands there twice. */
export type Baseline = readonly string[];

/** The text of a baseline file: sorted, one finding a line, so that a change of it is easy to review. */
export function formatBaseline(findings: readonly Finding[]): string {
  const fingerprints = findings.map(({ fingerprint }) => fingerprint).toSorted();
  return `${JSON.stringify({ version: 1, findings: fingerprints }, null, 2)}\n`;
}

/** Undefined for a text that is no baseline. */
export function parseBaseline(text: string): Baseline | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isDict(data) || data.version !== 1 || !Array.isArray(data.findings)) return undefined;
  const { findings } = data;
  return findings.every((item) => typeof item === 'string') ? findings : undefined;
}

/**
 * The result without the findings that the baseline holds, and without the advice, which counts all of them. What is gone is told for the rules that ran only: of the others
 * nothing is known.
 */
export function withoutKnown(result: CheckResult, baseline: Baseline, rules: readonly string[]): CheckResult {
  const left = new Map<string, number>();
  for (const fingerprint of baseline) left.set(fingerprint, (left.get(fingerprint) ?? 0) + 1);
  const findings = result.findings.filter(({ fingerprint }) => {
    const count = left.get(fingerprint) ?? 0;
    if (count > 0) left.set(fingerprint, count - 1);
    return count === 0;
  });
  const known = result.findings.length - findings.length;
  const gone = [...left]
    .filter(([fingerprint]) => rules.includes(fingerprint.slice(0, fingerprint.indexOf(' '))))
    .flatMap(([fingerprint, count]) => Array<string>(count).fill(fingerprint));
  const { advice: _, ...others } = result;
  return { ...others, findings, baseline: { known, gone } };
}
