import { plural } from '../../text/plural.ts';
import { answerOf } from '../answer.ts';
import { causes } from '../causes/index.ts';
import type { LogSummary } from '../log/explain-log.ts';
import { type Counts, findingOf, type Tally, top } from '../log/tally.ts';
import { answerLines, commandLines, headline, type Layout, labelled } from './answer-text.ts';
import { shown } from './fill.ts';

/** A log in words: what matters most with its answer, then a table by cause, then the other causes in short. */
export function logText(summary: LogSummary, most: number, layout: Layout): string {
  const { tallies } = summary;
  const [first, ...rest] = tallies;
  if (first === undefined) return `${fineText(summary)}\n`;
  // What is no fault, such as a stream that was opened again, is told after that.
  if (summary.requests > 0 && tallies.every(({ finding }) => causes[finding.cause].weight === 'fine')) {
    return [
      fineText(summary),
      ...tallies.slice(0, most).flatMap((tally) => ['', ...shortAnswer(tally, layout)]),
      '',
    ].join('\n');
  }
  const answer = answerOf(findingOf(first));
  const explained = rest.slice(0, most - 1);
  const left = rest.length - explained.length;
  return [
    ...headline(answer.says, layout),
    '',
    ...labelled('Seen', `${plural(first.count, 'time')}${period(first, ', ')}`, layout),
    ...answerLines(answer, layout),
    '',
    counted(summary),
    ...tableOf(tallies.slice(0, most), layout),
    ...(left > 0 ? [`  and ${plural(left, 'more cause')} (--top ${most + left})`] : []),
    ...explained.flatMap((tally) => ['', ...shortAnswer(tally, layout)]),
    '',
  ].join('\n');
}

/** One line for a cause that has just shown for the first time. */
export function newCauseText({ finding, first }: Tally, { width, paint }: Layout): string {
  const line = `${first === undefined ? '' : `${clock(first)} `}${finding.cause}: ${shown(answerOf(finding).says)}`;
  return paint(colourOf(finding.cause), line.length > width ? `${line.slice(0, width - 3)}...` : line);
}

function fineText({ requests, otherLines, from, to }: LogSummary): string {
  const when = from === undefined ? '' : to === from ? ` at ${from}` : ` from ${from} to ${to}`;
  const others = otherLines === 0 ? '' : ` (${plural(otherLines, 'other line')} ignored)`;
  return `${plural(requests, 'request')}${when}${others}: no failure, nothing went wrong in the mesh`;
}

function counted({ requests, failed, otherLines, from, to }: LogSummary): string {
  const others = otherLines === 0 ? '' : `; ${plural(otherLines, 'other line')}`;
  const when = from === undefined ? '' : `, ${clock(from)}${to === undefined || to === from ? '' : ` to ${clock(to)}`}`;
  if (requests === 0) return `No access log; ${plural(otherLines, 'other line')}${when}`;
  return `${plural(requests, 'request')}, ${failed} not answered as they should be${when}${others}`;
}

function tableOf(tallies: readonly Tally[], { width, paint }: Layout): string[] {
  const counts = Math.max(5, ...tallies.map(({ count }) => String(count).length));
  const names = Math.max(5, ...tallies.map(({ finding }) => nameOf(finding).length));
  const pad = ' '.repeat(counts + 4);
  const cut = (text: string) => (text.length > width ? `${text.slice(0, width - 3)}...` : text);
  return [
    paint('dim', `  ${'COUNT'.padStart(counts)}  ${'CAUSE'.padEnd(names)}  FIRST     LAST`),
    ...tallies.flatMap((tally) => {
      const row = `  ${String(tally.count).padStart(counts)}  ${nameOf(tally.finding).padEnd(names)}  ${clock(tally.first ?? '-').padEnd(8)}  ${clock(tally.last ?? tally.first ?? '-')}`;
      const more = [
        ['', tally.signs],
        ['to ', tally.upstreams],
        ['', tally.paths],
        ['pods ', tally.pods],
      ] as const;
      const lines = more
        .filter(([, counts_]) => counts_.size > 0)
        .map(([lead, counts_]) => `${pad}${lead}${listed(counts_)}`);
      return [paint(colourOf(tally.finding.cause), row), ...lines.map((line) => cut(shown(line)))];
    }),
  ];
}

function nameOf({ cause, facts }: Tally['finding']): string {
  const more =
    facts.policy ??
    (cause === 'app-answered' || cause === 'app-failed' || cause === 'unknown-status' ? facts.status : undefined);
  return more === undefined ? cause : `${cause} (${shown(more, 40)})`;
}

/** `GET /a (12), GET /b (3) and 5 more` */
function listed(counts: Counts): string {
  const first = top(counts, 3);
  const left = counts.size - first.length;
  const words = first.map(([key, count]) => (counts.size === 1 ? key : `${key} (${count})`)).join(', ');
  return left > 0 ? `${words} and ${left} more` : words;
}

function shortAnswer(tally: Tally, layout: Layout): string[] {
  const { says, now, next } = answerOf(findingOf(tally));
  return [
    ...headline(says, layout),
    ...labelled('Now', now, layout),
    ...commandLines('Next', next.slice(0, 1), layout),
  ];
}

function period({ first, last }: Tally, lead: string): string {
  if (first === undefined) return '';
  return last === undefined || last === first ? `${lead}at ${first}` : `${lead}from ${first} to ${last}`;
}

/** Of a time the clock alone: a log that is explained is of today. */
function clock(time: string): string {
  return /[T ](\d\d:\d\d:\d\d)/.exec(time)?.[1] ?? time.slice(0, 8);
}

function colourOf(cause: Tally['finding']['cause']) {
  const colours = { root: 'red', fault: 'red', refusal: 'yellow', client: 'yellow', fine: 'green' } as const;
  return colours[causes[cause].weight];
}
