import { plural } from '../../../text/plural.ts';
import { severities } from '../../rules/shared/rule.ts';
import type { CheckResult } from '../check-result.ts';
import type { FindingGroup } from '../group-findings.ts';
import { adviceText } from '../input-advice.ts';
import { indented } from './indent.ts';
import type { SectionLook } from './text-options.ts';

/** Rules from which on the counts are worth a table. */
const tableFrom = 3;

/** What was found in all, by rule and severity, and what would help most. */
export function summaryLines(result: CheckResult, groups: readonly FindingGroup[], look: SectionLook): string[] {
  const { findings, suppressed, unread, objects, advice, baseline } = result;
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const parts = [
    `${counted(objects, 'object')} checked`,
    `${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}, ${counted(count('info'), 'info')}`,
    ...(suppressed.length === 0 ? [] : [`${suppressed.length} suppressed`]),
    ...(baseline === undefined ? [] : [`${counted(baseline.known, 'finding')} known from the baseline`]),
    ...(unread.length === 0 ? [] : [`${counted(unread.length, 'document')} not checked`]),
  ];
  const hints = [...fixHints(result, look), ...(advice === undefined ? [] : [adviceText(advice)])];
  return [
    ...ruleTable(groups),
    ...indented(parts.join('; '), 0, look.width),
    ...hints.flatMap((hint) => indented(hint, 0, look.width)),
  ];
}

function ruleTable(groups: readonly FindingGroup[]): string[] {
  const rules = [...new Set(groups.map(({ rule }) => rule))];
  if (rules.length < tableFrom) return [];
  const count = (rule: string, severity: string) =>
    groups.filter((group) => group.rule === rule && group.severity === severity)[0]?.findings.length ?? 0;
  const rows = rules.map((rule) => [rule, ...severities.map((severity) => spell(count(rule, severity)))]);
  const width = Math.max(...rules.map((rule) => rule.length));
  const line = ([name = '', ...cells]: readonly string[]) =>
    `${name.padEnd(width)}${cells.map((cell) => cell.padStart(10)).join('')}`;
  return [...[['rule', 'errors', 'warnings', 'infos'], ...rows].map(line), ''];
}

function fixHints({ findings }: CheckResult, { showFixes }: SectionLook): string[] {
  const certain = findings.filter(({ fix }) => fix?.certain).length;
  const proposed = findings.filter(({ fix }) => fix?.certain === false).length;
  if (certain + proposed === 0) return [];
  const parts = [
    ...(certain === 0
      ? []
      : [`${counted(certain, 'fix', 'fixes')} certain (--fix writes ${certain === 1 ? 'it' : 'them'})`]),
    ...(proposed === 0 ? [] : [`${counted(proposed, 'proposal')} to be looked at first`]),
  ];
  return [
    `${parts.join(', ')}${showFixes ? '' : '; --show-fixes prints them, with --verbose all'}; --explain RULE says more of a rule.`,
  ];
}

function counted(count: number, noun: string, several?: string): string {
  return count < 1000 && several === undefined
    ? plural(count, noun)
    : `${count.toLocaleString('en-US')} ${count === 1 ? noun : (several ?? `${noun}s`)}`;
}

function spell(count: number): string {
  return count === 0 ? '.' : count.toLocaleString('en-US');
}
