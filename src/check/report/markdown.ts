import type { CheckResult } from './check-result.ts';
import type { Finding } from './finding.ts';
import { foldPlaces } from './fold-places.ts';
import { groupFindings } from './group-findings.ts';
import { printableResult } from './printable.ts';
import { censusLines } from './text/census-lines.ts';
import { summaryLines } from './text/summary-lines.ts';
import { painter } from './text/text-options.ts';

/** GitHub takes one MiB for a step's summary; who wants all has the other formats. */
const mostKinds = 100;

/** A page for people: the census, what was found as a table with the first place of each kind, and what would help most. */
export function formatMarkdown(checked: CheckResult): string {
  const result = printableResult(checked);
  const groups = groupFindings(result.findings);
  const width = Number.POSITIVE_INFINITY;
  const kinds = groups.flatMap((group) => group.kinds);
  const rows = kinds
    .slice(0, mostKinds)
    .flatMap(({ findings: [first, ...others] }) => (first ? [row(first, others.length)] : []));
  const look = { paint: painter(false), width, verbose: false, showFixes: true };
  // Its table of rules would be told twice.
  const summary = summaryLines(result, [], look);
  return [
    '## mesh-shim check',
    ...censusLines(result.census, width, false).map(escaped),
    ...unreadRows(result),
    ...(rows.length === 0
      ? []
      : [['| severity | rule | place | what will happen |', '| --- | --- | --- | --- |', ...rows].join('\n')]),
    ...(kinds.length > mostKinds ? [`And ${kinds.length - mostKinds} more kinds.`] : []),
    ...summary.map(escaped),
  ]
    .filter((block) => block !== '')
    .map((block) => `${block}\n`)
    .join('\n');
}

function row({ severity, rule, file, line, message }: Finding, others: number): string {
  const place = `${escaped(`${file}:${line}`)}${others === 0 ? '' : ` and ${others} more`}`;
  return `| ${severity} | ${rule} | ${place} | ${escaped(message)} |`;
}

function unreadRows({ unread }: CheckResult): string[] {
  const places = unread.map(({ message, ...place }) => ({ ...place, text: message }));
  return foldPlaces(places).map(
    ({ text, places: own, folders }) =>
      `**Not checked**: ${escaped(text)} (${escaped(folders)}${own.length === 1 ? '' : `, ${own.length} in all`})`,
  );
}

/** A manifest's names must not become links, images or tables. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|~#]/g, '\\$&');
}
