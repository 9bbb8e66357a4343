import { classifyReply } from '../mesh/replies/envoy-reply.ts';
import { describeResponseFlag } from '../mesh/replies/response-flags.ts';
import { type CauseId, isCauseId } from './causes/index.ts';
import { decideLine } from './decide/decide-line.ts';
import { decideExit, decideText } from './decide/decide-text.ts';
import { decideZtunnel } from './decide/decide-ztunnel.ts';
import type { Finding } from './decide/finding.ts';
import { statusCauses } from './decide/status-finding.ts';
import type { AccessLine } from './read/access-line.ts';
import type { LineReader } from './read/format-string.ts';
import { findTokens, readTokens } from './read/pasted-tokens.ts';
import { type LogEntry, readEntry } from './read/read-entry.ts';
import { describeProcessed } from './words/reply-words.ts';

/** What was explained, and the answer: a finding, or several causes where the text decides between none of them. */
export interface Explained {
  /** What it is, in a few words: `UF (UpstreamConnectionFailure)`, a line's request and status. */
  readonly subject: string | undefined;
  readonly finding: Finding | undefined;
  readonly candidates: readonly CauseId[];
  /** Whether the request may have been processed, and whether to repeat it; for the words of a proxy. */
  readonly retry: string | undefined;
}

/** Explains one text of somebody's: a line of a log, a flag, a status, an error; undefined where nothing in it is known. */
export function explainText(text: string, format?: LineReader): Explained | undefined {
  const trimmed = text.trim();
  // An empty body does mean something, but only with its status and headers.
  if (trimmed === '') return undefined;
  if (isCauseId(trimmed)) {
    return found({ cause: trimmed, sure: 'possible', because: 'you asked for it by name', facts: {} }, trimmed);
  }
  const entry = readEntry(trimmed, format);
  if (entry.kind !== 'text') return explainEntry(entry);
  return explainTokens(entry.text) ?? explainSentence(entry.text) ?? explainWords(entry.text);
}

function explainEntry(entry: Exclude<LogEntry, { kind: 'text' }>): Explained {
  const finding = entryFinding(entry) ?? noFailure('the line has no error');
  return found(finding, entry.kind === 'access' ? describeLine(entry.line) : undefined);
}

/** What a line of a log means; undefined for a line that means nothing. */
export function entryFinding(entry: LogEntry, quiet = false): Finding | undefined {
  const finding =
    entry.kind === 'access'
      ? decideLine(entry.line)
      : entry.kind === 'ztunnel'
        ? decideZtunnel(entry.line)
        : decideText(entry.text, quiet);
  return finding === undefined || entry.pod === undefined
    ? finding
    : { ...finding, facts: { ...finding.facts, pod: entry.pod } };
}

function noFailure(because: string): Finding {
  return { cause: 'no-failure', sure: 'likely', because, facts: {} };
}

function explainTokens(text: string): Explained | undefined {
  const exit = /^\d{1,3}$/.test(text) && !statusCauses.has(Number(text)) ? decideExit(text) : undefined;
  if (exit !== undefined) return found(exit, `exit code ${text}`);
  const line = readTokens(text);
  if (line === undefined) return undefined;
  const { status, flags, details, transport, cluster, route } = line;
  const onlyStatus = flags.length === 0 && [details, transport, cluster, route].every((field) => field === undefined);
  if (onlyStatus) return status === undefined ? undefined : explainStatus(status);
  // A cluster alone: its name says it.
  if (cluster !== undefined && status === undefined && flags.length === 0 && details === undefined)
    return explainWords(cluster);
  return { ...found(decideLine(withoutReason(line)), describeTokens(line)), retry: describeRetry(text) };
}

/** Envoy's own words inside a question, or in a format that is not known. */
function explainSentence(text: string): Explained | undefined {
  const line = findTokens(text);
  return line === undefined ? undefined : found(decideLine(withoutReason(line)), describeTokens(line));
}

/** Of a flag without a status nobody knows whether it was a request or a TCP connection. */
function withoutReason(line: AccessLine): AccessLine {
  return line.status === undefined && line.flags.includes('NR') && line.details === undefined
    ? { ...line, status: 404 }
    : line;
}

/** A status that says nothing in a mesh is none that can be explained. */
function explainStatus(status: number): Explained | undefined {
  const candidates = statusCauses.get(status);
  if (candidates === undefined) return undefined;
  const [cause, ...others] = candidates;
  if (others.length > 0) return { subject: String(status), finding: undefined, candidates, retry: undefined };
  return found(
    { cause, sure: 'likely', because: `the status is ${status}`, facts: { status: String(status) } },
    String(status),
  );
}

const statusPattern =
  /(?:\bHTTP(?:\/[\d.]+)?|\bstatus(?:[ _]?code)?|\bcode|\berror|\breturned|\bgot|\bresponse)["']?\W{0,3}([45]\d\d)\b|\b([45]\d\d) (?:Bad|Unauth|Forbid|Not Found|Request|Payload|Content|Upgrade|Too Many|Internal|Service|Gateway)/i;

function explainWords(text: string): Explained | undefined {
  const finding = decideText(text);
  if (finding !== undefined) return { ...found(finding, undefined), retry: describeRetry(text) };
  const [, named, phrased] = statusPattern.exec(text) ?? [];
  const status = named ?? phrased;
  return status === undefined ? undefined : explainStatus(Number(status));
}

function found(finding: Finding, subject: string | undefined): Explained {
  return { subject, finding, candidates: [], retry: undefined };
}

function describeLine({
  method,
  path,
  protocol,
  status,
  flags,
  cluster,
  upstreamHost,
  authority,
  time,
}: AccessLine): string {
  const request =
    method === undefined ? 'a TCP connection' : [method, path, protocol].filter((part) => part !== undefined).join(' ');
  const target = cluster ?? upstreamHost ?? authority;
  return [
    request,
    ...(status === undefined || status === 0 ? [] : [`status ${status}`]),
    ...flags,
    ...(target === undefined ? [] : [`to ${target}`]),
    ...(time === undefined ? [] : [`at ${time}`]),
  ].join(', ');
}

function describeTokens({ status, flags, details }: AccessLine): string {
  const names = flags.map((flag) => {
    const { longName } = describeResponseFlag(flag);
    return longName === flag ? flag : `${flag} (${longName})`;
  });
  return [
    ...(status === undefined ? [] : [String(status)]),
    ...names,
    ...(details === undefined ? [] : [details]),
  ].join(' ');
}

/** Of the words of a proxy: as its nearest sidecar would send them; a body alone does not tell which proxy wrote it. */
function describeRetry(text: string): string | undefined {
  const [, quoted = text] = /desc = (.*)$/s.exec(text) ?? [];
  const body = quoted.trim().replace(/^"|"$/g, '');
  // What Envoy says of a token comes with 401, all else with 503.
  const status = /\bJw(?:t|ks)\b/.test(body) ? 401 : 503;
  const reply = classifyReply({ status, headers: { server: 'envoy' }, body });
  return reply.reason === undefined ? undefined : describeProcessed(reply.processed, reply.retry);
}
