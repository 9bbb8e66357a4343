import { classifyReply } from '../mesh/replies/envoy-reply.ts';
import { describeResponseFlag, responseFlags } from '../mesh/replies/response-flags.ts';
import type { Processed, RetryAdvice } from '../mesh/replies/retry-advice.ts';
import { nearestName } from '../text/nearest-name.ts';
import { type AccessLogLine, parseAccessLogLine } from './access-log.ts';
import { guidanceFor } from './guidance.ts';
import { statuses } from './statuses.ts';

/** A flag, a status, an access log line or the body of a reply, in words; undefined when it is none that anyone knows. */
export function explainText(subject: string): string | undefined {
  const trimmed = subject.trim();
  // An empty body does mean something, but only with its status and headers.
  if (trimmed === '') return undefined;
  if (/^\d{3}$/.test(trimmed)) return explainStatus(Number(trimmed));
  if (/^[A-Za-z]{2,6}(,[A-Za-z]{2,6})*$/.test(trimmed)) return explainFlags(trimmed.toUpperCase().split(','));
  const line = parseAccessLogLine(trimmed);
  return line === undefined ? explainBody(trimmed) : explainLine(line);
}

function explainFlags(flags: readonly string[]): string | undefined {
  return flags.every(isKnown) ? flags.map(explainFlag).join('\n') : undefined;
}

/** The flag that an unknown one most likely means. */
export function nearestFlag(text: string): string | undefined {
  return nearestName(
    text,
    responseFlags.map(({ flag }) => flag),
  );
}

function isKnown(flag: string): boolean {
  return responseFlags.some((known) => known.flag === flag);
}

export function explainFlag(flag: string): string {
  const { longName, meaning, causes } = describeResponseFlag(flag);
  const { look, rules } = guidanceFor(flag);
  return [
    `${flag} (${longName}): ${meaning}`,
    ...numbered('Usual causes, most frequent first:', causes),
    ...numbered('Look at:', look),
    ...(rules.length === 0 ? [] : [`Find it in manifests: mesh-shim check --only ${rules.join(',')} PATH`]),
    '',
  ].join('\n');
}

function explainStatus(status: number): string | undefined {
  const known = statuses.get(status);
  if (known === undefined) return undefined;
  const flags = known.flags.map(explainFlag);
  const hint = flags.length > 1 ? ['The flag is in the access log, the reason in the body; it is one of these:'] : [];
  return [`${status}: ${known.meaning}`, ...hint, '', ...flags].join('\n');
}

function explainLine(line: AccessLogLine): string {
  const facts = [
    line.request ?? 'a TCP connection',
    ...(line.status === undefined ? [] : [`status ${line.status}`]),
    ...(line.upstream === undefined ? [] : [`to ${line.upstream}`]),
    ...(line.time === undefined ? [] : [`at ${line.time}`]),
  ];
  const more = [
    ...(line.details === undefined ? [] : [`Envoy says: ${line.details}`]),
    ...(line.transportFailure === undefined ? [] : [`Transport failure: ${line.transportFailure}`]),
  ];
  const why = line.flags.length > 0 ? line.flags.map(explainFlag).join('\n') : explainUnflagged(line);
  return [facts.join(', '), ...more, '', why].join('\n');
}

function explainUnflagged({ status, details }: AccessLogLine): string {
  if (details !== 'via_upstream') return 'No response flag: nothing went wrong in the mesh.\n';
  return `No response flag: ${status === undefined ? 'the answer' : `the status ${status}`} came from the service itself.\n`;
}

function explainBody(body: string): string | undefined {
  // As the nearest sidecar would send it; a body alone does not tell which proxy wrote it.
  const reply = classifyReply({ status: statusOf(body), headers: { server: 'envoy' }, body });
  if (reply.reason === undefined) return undefined;
  return [
    reply.message,
    `Reached the application: ${processedWords[reply.processed]}. Retry: ${retryWords[reply.retry]}.`,
    ...(reply.flag === undefined ? [] : ['', explainFlag(reply.flag)]),
  ].join('\n');
}

const processedWords: Readonly<Record<Processed, string>> = {
  no: 'no',
  'no-by-istio-default-policy': "no, with Istio's default retry policy",
  maybe: 'maybe',
  yes: 'yes',
};

const retryWords: Readonly<Record<RetryAdvice, string>> = {
  'any-method': 'yes, any method',
  'short-wait': 'yes, any method, but only a few times',
  idempotent: 'if the request is idempotent',
  'idempotent-once': 'once, if the request is idempotent',
  'after-retry-after': 'after the time that a Retry-After header gives, if there is one',
  never: 'no',
};

/** What Envoy says of a token (`Jwt is expired`, `Jwks ...`, `Audiences in Jwt ...`) comes with 401, all else with 503. */
function statusOf(body: string): number {
  return /\bJw(t|ks)\b/.test(body) ? 401 : 503;
}

function numbered(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [title, ...items.map((item, index) => `  ${index + 1}. ${item}`)];
}
