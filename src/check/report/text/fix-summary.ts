import { groupBy } from '../../model/group-by.ts';
import type { Finding } from '../finding.ts';
import { printable } from '../printable.ts';

const mostTitles = 3;

/** What cures the findings of a rule: what --fix writes, and what somebody must look at first. */
export function fixSummary(findings: readonly Finding[]): string[] {
  const fixes = findings.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
  const spell = (certain: boolean, lead: string) => {
    const own = fixes.filter((fix) => fix.certain === certain);
    return own.length === 0 ? [] : [printable(`${lead}: ${titles(own)}.`)];
  };
  const byHand = findings.flatMap((finding) => finding.byHand ?? []);
  const counted = byHand.length > 1 ? ` (${byHand.length} places; --show-fixes says why of each)` : '';
  return [
    ...spell(true, 'Fix, written by --fix'),
    ...spell(false, 'Proposal, to be looked at first'),
    ...byHand.slice(0, 1).map((text) => printable(text + counted)),
  ];
}

function titles(fixes: readonly { readonly title: string }[]): string {
  const all = [...groupBy(fixes, ({ title }) => title)].toSorted(([, a], [, b]) => b.length - a.length);
  const shown = all.length <= mostTitles + 1 ? all : all.slice(0, mostTitles);
  const rest = all.slice(shown.length).reduce((sum, [, own]) => sum + own.length, 0);
  const counted = shown.map(([title, own]) => (all.length === 1 ? title : `${title} (${own.length})`));
  return `${counted.join('; ')}${rest === 0 ? '' : `; ${rest} others`}`;
}
