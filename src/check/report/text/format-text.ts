import type { CheckResult } from '../check-result.ts';
import { groupFindings } from '../group-findings.ts';
import { printableResult } from '../printable.ts';
import { baselineLines } from './baseline-lines.ts';
import { censusLines } from './census-lines.ts';
import { unreadLines } from './place-lines.ts';
import { ruleSection } from './rule-section.ts';
import { summaryLines } from './summary-lines.ts';
import { painter, type TextOptions } from './text-options.ts';

/** As many findings with their fixes are read at one glance. */
const fewFindings = 5;

/** For people: who is in the mesh, findings by rule, what was not checked, and a summary with what would help most. */
export function formatText(checked: CheckResult, options: TextOptions = {}): string {
  const result = printableResult(checked);
  const { colour, width = Number.POSITIVE_INFINITY, verbose = false } = options;
  const showFixes = options.showFixes ?? result.findings.length <= fewFindings;
  const look = { paint: painter(colour), width, verbose, showFixes };
  const groups = groupFindings(result.findings);
  const lines = [
    ...censusLines(result.census, width, verbose),
    ...groups.flatMap((group) => ruleSection(group, look)),
    ...unreadLines(result.unread, result.skipped, look),
    ...baselineLines(result.baseline, look),
    ...summaryLines(result, groups, look),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
