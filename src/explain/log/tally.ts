import { weights } from '../causes/cause.ts';
import { type CauseId, causes } from '../causes/index.ts';
import { clusterFacts } from '../decide/cluster-name.ts';
import type { Facts, Finding } from '../decide/finding.ts';
import type { LogEntry } from '../read/read-entry.ts';

/** One cause in a log: how often, since when, and to whom. */
export interface Tally {
  readonly finding: Finding;
  count: number;
  readonly first: string | undefined;
  last: string | undefined;
  /** What the first of these lines says. */
  readonly sample: string;
  /** Flags and status, upstreams, requests, pods: each with its count. */
  readonly signs: Counts;
  readonly upstreams: Counts;
  readonly paths: Counts;
  readonly pods: Counts;
}

export type Counts = Map<string, number>;

/** A log of a busy gateway has paths without end: of further ones only the number is kept. */
const mostKeys = 500;
const others = 'others';

export function createTally(finding: Finding, time: string | undefined, sample: string): Tally {
  return {
    finding,
    count: 0,
    first: time,
    last: undefined,
    sample,
    signs: new Map(),
    upstreams: new Map(),
    paths: new Map(),
    pods: new Map(),
  };
}

export function countEntry(tally: Tally, entry: LogEntry): void {
  tally.count += 1;
  if (entry.time !== undefined) tally.last = entry.time;
  if (entry.pod !== undefined) count(tally.pods, entry.pod);
  if (entry.kind === 'text') return;
  if (entry.kind === 'ztunnel') {
    count(tally.upstreams, entry.line.service ?? entry.line.workload ?? 'unknown');
    return;
  }
  const { status, flags, cluster, upstreamHost, authority, method, path } = entry.line;
  count(
    tally.signs,
    [...(status === undefined || status === 0 ? [] : [String(status)]), flags.join(',')].join(' ').trim() || 'TCP',
  );
  const upstream = cluster ?? upstreamHost ?? authority;
  if (upstream !== undefined) count(tally.upstreams, upstream);
  if (method !== undefined && path !== undefined) count(tally.paths, `${method} ${withoutQuery(path)}`);
}

function count(counts: Counts, key: string): void {
  const known = counts.has(key) || counts.size < mostKeys ? key : others;
  counts.set(known, (counts.get(known) ?? 0) + 1);
}

function withoutQuery(path: string): string {
  const at = path.indexOf('?');
  return at < 0 ? path : path.slice(0, at);
}

/** The finding with what holds for all of its lines: of several upstreams the most frequent one is named. */
export function findingOf({ finding, count, upstreams, paths }: Tally): Finding {
  if (count === 1) return finding;
  const { path, upstreamHost, client, authority, serverName, ...facts } = finding.facts;
  const one = (size: number, more: Readonly<Record<string, string | undefined>>) => (size === 1 ? known(more) : {});
  return {
    ...finding,
    facts: {
      ...facts,
      ...one(upstreams.size, { upstreamHost, authority, serverName }),
      ...one(paths.size, { path }),
      ...clusterFacts(top(upstreams, 1)[0]?.[0]),
    },
  };
}

function known(facts: Readonly<Record<string, string | undefined>>): Facts {
  return Object.fromEntries(Object.entries(facts).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** What matters most first: by weight, then by count. */
export function inOrder(tallies: Iterable<Tally>): Tally[] {
  const rank = ({ finding }: Tally) => weights.indexOf(causes[finding.cause].weight);
  return [...tallies].toSorted((a, b) => rank(a) - rank(b) || b.count - a.count);
}

/** The most frequent ones. */
export function top(counts: Counts, most: number): [string, number][] {
  return [...counts].toSorted(([, a], [, b]) => b - a).slice(0, most);
}

/** Lines of one cause belong together, unless they name different policies or statuses of the app. */
export function tallyKey({ cause, facts }: Finding): string {
  const apart: readonly CauseId[] = ['app-answered', 'app-failed', 'unknown-status'];
  return `${cause} ${facts.policyNamespace ?? ''}/${facts.policy ?? ''} ${apart.includes(cause) ? facts.status : ''}`;
}
