import type { CheckResult } from './check-result.ts';
import type { Finding } from './finding.ts';
import { foldPlaces } from './fold-places.ts';
import { groupFindings } from './group-findings.ts';
import { printable, printableResult } from './printable.ts';
import { spellFinding } from './spell-finding.ts';
import { censusLines } from './text/census-lines.ts';
import { summaryLines } from './text/summary-lines.ts';
import { painter } from './text/text-options.ts';

const workflowCommands = { error: 'error', warning: 'warning', info: 'notice' } as const;

/**
 * Workflow commands: GitHub shows them at the lines of a pull request, the first ten of each severity. So one of each kind
 * comes first, with the number of the others; census and summary are plain lines of the log.
 */
export function formatGithub(checked: CheckResult): string {
  const result = printableResult(checked);
  const groups = groupFindings(result.findings);
  const kinds = groups.flatMap((group) => group.kinds);
  const width = Number.POSITIVE_INFINITY;
  const look = { paint: painter(false), width, verbose: false, showFixes: true };
  const lines = [
    ...censusLines(result.census, width, false),
    ...unreadCommands(result),
    ...kinds.flatMap(({ findings: [first, ...others] }) => (first ? [annotation(first, others.length)] : [])),
    ...kinds.flatMap(({ findings }) => findings.slice(1).map((finding) => annotation(finding, 0))),
    '',
    ...summaryLines(result, groups, look),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function unreadCommands({ unread }: CheckResult): string[] {
  const places = unread.map(({ message, ...place }) => ({ ...place, text: message }));
  return foldPlaces(places).flatMap(({ text, places: [first, ...others], folders }) => {
    const more = others.length === 0 ? '' : ` And ${others.length} more like this: ${folders}.`;
    return first ? [command('error', first, 'not checked', `${text}${more}`)] : [];
  });
}

function annotation(finding: Finding, others: number): string {
  const { severity, rule } = finding;
  const more = others === 0 ? '' : ` And ${others} more like this.`;
  return command(workflowCommands[severity], finding, rule, `${printable(spellFinding(finding))}${more}`);
}

function command(
  name: string,
  { file, line, column }: { readonly file: string; readonly line: number; readonly column?: number },
  title: string,
  message: string,
): string {
  const place = `file=${property(file)},line=${line},col=${column ?? 1},title=${property(title)}`;
  return `::${name} ${place}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
