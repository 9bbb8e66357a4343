import { describeResponseFlag } from '../mesh/replies/response-flags.ts';
import { parseAccessLogLine } from './access-log.ts';
import { explainFlag } from './explain-text.ts';

interface Tally {
  count: number;
  first: string | undefined;
  last: string | undefined;
  readonly upstreams: Map<string, number>;
}

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
  const head = `${count(lines, 'request')}${other > 0 ? `, ${count(other, 'other line')}` : ''}; ${sorted.length === 0 ? 'no response flags: nothing went wrong in the mesh' : 'response flags:'}\n`;
  const table = sorted.map(([flag, tally]) => describeTally(flag, tally)).join('');
  return [head + table, ...sorted.map(([flag]) => explainFlag(flag))].join('\n');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function describeTally(flag: string, { count: times, first, last, upstreams }: Tally): string {
  const when =
    first === undefined ? '' : `, since ${first}${last === first || last === undefined ? '' : ` until ${last}`}`;
  const worst = [...upstreams].toSorted(([, a], [, b]) => b - a).slice(0, 5);
  return [
    `  ${flag} ${count(times, 'time')} (${describeResponseFlag(flag).longName})${when}`,
    ...worst.map(([upstream, calls]) => `    ${calls} ${upstream}`),
    '',
  ].join('\n');
}
