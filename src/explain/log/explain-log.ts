import { decideLine } from '../decide/decide-line.ts';
import type { Finding } from '../decide/finding.ts';
import { entryFinding } from '../explain-text.ts';
import type { AccessLine } from '../read/access-line.ts';
import type { LineReader } from '../read/format-string.ts';
import { type LogEntry, readEntry } from '../read/read-entry.ts';
import { unwrapLine } from '../read/unwrap-line.ts';
import { countEntry, createTally, inOrder, type Tally, tallyKey } from './tally.ts';

export interface LogOptions {
  /** For an access log of one's own format. */
  readonly format?: LineReader | undefined;
  /** Lines from before this time are left out; milliseconds since 1970. */
  readonly sinceMs?: number | undefined;
}

/** What a log says, all in all. */
export interface LogSummary {
  /** Lines of an access log, and how many of these failed. */
  readonly requests: number;
  readonly failed: number;
  /** Lines that are none, nor known in another way. */
  readonly otherLines: number;
  /** Lines before `since`. */
  readonly tooOld: number;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** What matters most first. */
  readonly tallies: readonly Tally[];
}

export interface LogExplainer {
  /** Takes one line; answers with the cause's tally where it is the first line of that cause. */
  add(line: string): Tally | undefined;
  summary(): LogSummary;
}

/** As many different reasons as a log has, in practice; beyond them each line is decided anew. */
const mostDecisions = 2_000;

/** Explains a log line by line; it keeps counts, never lines. */
export function createLogExplainer({ format, sinceMs }: LogOptions = {}): LogExplainer {
  const tallies = new Map<string, Tally>();
  const decided = new Map<string, Finding>();
  const partial = new Map<string, string>();
  let [requests, failed, otherLines, tooOld] = [0, 0, 0, 0];
  let from: string | undefined;
  let to: string | undefined;
  let isOld = false;

  const decide = (entry: LogEntry): Finding | undefined => {
    if (entry.kind === 'text') return entryFinding(entry, entry.quiet);
    if (entry.kind === 'ztunnel') return entryFinding(entry);
    const signature = signatureOf(entry.line);
    let finding = decided.get(signature);
    if (finding === undefined) {
      finding = decideLine(entry.line);
      if (decided.size < mostDecisions) decided.set(signature, finding);
    }
    return finding;
  };

  const isTooOld = (time: string | undefined): boolean => {
    if (sinceMs === undefined) return false;
    // A line without a time, such as the next one of a stack trace, is as old as the one before.
    if (time !== undefined) isOld = Date.parse(time) < sinceMs;
    return isOld;
  };

  const take = (raw: string): Tally | undefined => {
    if (raw.trim() === '') return undefined;
    const entry = readEntry(raw, format);
    if (isTooOld(entry.time)) {
      tooOld += 1;
      return undefined;
    }
    const finding = decide(entry);
    if (entry.kind === 'text' && finding === undefined) {
      otherLines += 1;
      return undefined;
    }
    from ??= entry.time;
    to = entry.time ?? to;
    if (entry.kind !== 'text') requests += 1;
    if (finding === undefined || finding.cause === 'no-failure') return undefined;
    if (entry.kind !== 'text') failed += 1;
    const key = tallyKey(finding);
    const known = tallies.get(key);
    const tally = known ?? createTally(withFacts(finding, entry), entry.time, raw);
    tallies.set(key, tally);
    countEntry(tally, entry);
    return known === undefined ? tally : undefined;
  };

  return {
    add(raw) {
      // CRI cuts long lines: the rest comes as the next line of that stream.
      const piece = / (?:stdout|stderr) [FP] /.test(raw.slice(0, 60)) ? unwrapLine(raw) : undefined;
      if (piece === undefined) return take(raw);
      const stream = raw.includes(' stderr ', 20) && raw.indexOf(' stderr ') < 60 ? 'stderr' : 'stdout';
      const before = partial.get(stream);
      if (piece.partial !== undefined) {
        partial.set(
          stream,
          (before ?? raw.slice(0, raw.length - piece.text.length).replace(' P ', ' F ')) + piece.text,
        );
        return undefined;
      }
      partial.delete(stream);
      return take(before === undefined ? raw : before + piece.text);
    },
    summary() {
      for (const rest of partial.values()) take(rest);
      partial.clear();
      return { requests, failed, otherLines, tooOld, from, to, tallies: inOrder(tallies.values()) };
    },
  };
}

/** All that a decision rests on. */
function signatureOf({
  status,
  flags,
  details,
  termination,
  transport,
  cluster,
  route,
  serverName,
}: AccessLine): string {
  const named = serverName === undefined ? '' : 'sni';
  return `${status} ${flags.join()} ${details} ${termination} ${transport} ${cluster} ${route} ${named}`;
}

/** A decision is kept for all lines of its kind: what the first line has besides is added for the texts. */
function withFacts(finding: Finding, entry: LogEntry): Finding {
  return entry.pod === undefined ? finding : { ...finding, facts: { ...finding.facts, pod: entry.pod } };
}
