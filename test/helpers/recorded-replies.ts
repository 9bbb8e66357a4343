import { readFileSync } from 'node:fs';

/** One reply as a client got it from a real Envoy, with what the access log and the application knew of it. */
export interface RecordedReply {
  readonly title: string;
  readonly method: string;
  /** Route policy and target: `istio/closed/x`. */
  readonly path: string;
  /** Flags of the nearest Envoy's access log, for example `URX,UF`. Empty where it logged none. */
  readonly flags: readonly string[];
  readonly seenByApp: number;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const titlePattern = /^--- (.+?) {2}\[(\S+) (\S+)\] {2}seen by app: (\d+) .*?\)(?: {2}(.*))?$/;

/** Reads a file of test/fixtures/envoy-replies. */
export function recordedReplies(version: '1.36' | '1.40'): RecordedReply[] {
  const file = new URL(`../fixtures/envoy-replies/envoy-${version}.txt`, import.meta.url);
  return readFileSync(file, 'utf8')
    .split(/^(?=--- )/m)
    .flatMap((block) => parse(block));
}

function parse(block: string): RecordedReply[] {
  const [first = '', statusLine = '', ...rest] = block.split('\n');
  const title = titlePattern.exec(first);
  if (title === null) return []; // The summary of the keep-alive race is not one reply.
  const [, name = '', method = '', path = '', seen = '', log = ''] = title;
  const gap = rest.indexOf('');
  const head = gap < 0 ? rest : rest.slice(0, gap);
  const headers = Object.fromEntries(head.map((line) => line.split(': ') as [string, string]));
  const nearest = log.split(' | ').at(-1) ?? '';
  const flags = /flags=(\S+)/.exec(nearest)?.[1] ?? '-';
  return [
    {
      title: name,
      method,
      path,
      flags: flags === '-' ? [] : flags.split(','),
      seenByApp: Number(seen),
      status: Number(statusLine.split(' ')[1]),
      headers,
      body: (gap < 0 ? [] : rest.slice(gap + 1)).join('\n').trimEnd(),
    },
  ];
}
