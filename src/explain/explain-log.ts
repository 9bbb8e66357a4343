import { describeResponseFlag } from '../mesh/replies/response-flags.ts';
import { plural } from '../text/plural.ts';
import { parseAccessLogLine } from './access-log.ts';
import { explainFlag } from './explain-text.ts';

interface Tally {
  count: number;
  readonly first: string | undefined;
  last: string | undefined;
  readonly upstreams: Map<string, number>;
}

/** A log with hundreds of upstreams is summed up, not repeated. */
const shownUpstreams = 5;

/** A whole access log in words: which flags, which upstreams, since when; undefined when no line is one. */
export function explainLog(log: string): string | undefined {
  const tallies = new Map<string, Tally>();
  let lines = 0;
  let other = 0;
  for (const text of log.split('\n')) {
    if (text.trim() === '') continue;
    const line = parseAccessLogLine(text);
    if (line === undefined) {
      other += 1;
      continue;
    }
    lines += 1;
    for (const flag of line.flags) {
      const tally = tallies.get(flag) ?? { count: 0, first: line.time, last: undefined, upstreams: new Map() };
      tally.count += 1;
      tally.last = line.time;
      const upstream = line.upstream ?? line.authority ?? 'unknown';
      tally.upstreams.set(upstream, (tally.upstreams.get(upstream) ?? 0) + 1);
      tallies.set(flag, tally);
    }
  }
  if (lines === 0) return undefined;
  const sorted = [...tallies].toSorted(([, a], [, b]) => b.count - a.count);
  const ignored = other === 0 ? '' : ` (${plural(other, 'other line')} ignored)`;
  const flags = sorted.length === 0 ? 'no response flags: nothing went wrong in the mesh' : 'response flags:';
  const table = sorted.map(([flag, tally]) => describeTally(flag, tally)).join('');
  return [
    `${plural(lines, 'request')}${ignored}; ${flags}\n${table}`,
    ...sorted.map(([flag]) => explainFlag(flag)),
  ].join('\n');
}

function describeTally(flag: string, { count, first, last, upstreams }: Tally): string {
  const worst = [...upstreams].toSorted(([, a], [, b]) => b - a).slice(0, shownUpstreams);
  return [
    `  ${flag}: ${plural(count, 'time')} (${describeResponseFlag(flag).longName})${describePeriod(first, last)}`,
    ...worst.map(([upstream, times]) => `    ${times} ${upstream}`),
    '',
  ].join('\n');
}

function describePeriod(first: string | undefined, last: string | undefined): string {
  if (first === undefined) return '';
  return last === undefined || last === first ? `, at ${first}` : `, from ${first} to ${last}`;
}
