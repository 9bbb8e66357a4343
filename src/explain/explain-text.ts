import { classifyReply } from '../mesh/replies/envoy-reply.ts';
import { describeResponseFlag, responseFlags } from '../mesh/replies/response-flags.ts';
import { nearestName } from '../text/nearest-name.ts';
import { type AccessLogLine, parseAccessLogLine } from './access-log.ts';
import { defaultGuidance, guidanceByFlag, statuses } from './guidance.ts';

/** A flag, a status, an access log line or the body of a reply, in words; undefined when it is none that anyone knows. */
export function explainText(subject: string): string | undefined {
  const trimmed = subject.trim();
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
  const { look, rules } = guidanceByFlag.get(flag) ?? defaultGuidance;
  return [
    `${flag} (${longName}): ${meaning}`,
    ...numbered('Usual causes in a mesh, most frequent first:', causes),
    ...numbered('Look next at:', look),
    ...(rules.length === 0 ? [] : [`Found before it runs by: mesh-shim check --only ${rules.join(',')} PATH`]),
    '',
  ].join('\n');
}

function explainStatus(status: number): string | undefined {
  const known = statuses[status];
  if (known === undefined) return undefined;
  const flags = known.flags.map(explainFlag);
  const hint = flags.length > 1 ? 'The access log has the flag, the body the reason; one of these:\n\n' : '';
  return `${status}: ${known.meaning}\n${hint === '' ? '\n' : hint}${flags.join('\n')}`;
}

function explainLine(line: AccessLogLine): string {
  const facts = [
    line.request ?? 'a TCP connection',
    ...(line.status === undefined ? [] : [`answered ${line.status}`]),
    ...(line.upstream === undefined ? [] : [`to ${line.upstream}`]),
    ...(line.time === undefined ? [] : [`at ${line.time}`]),
  ];
  const more = [
    ...(line.details === undefined ? [] : [`Envoy says: ${line.details}`]),
    ...(line.transportFailure === undefined ? [] : [`Transport: ${line.transportFailure}`]),
  ];
  const why = line.flags.length > 0 ? line.flags.map(explainFlag).join('\n') : explainUnflagged(line);
  return [facts.join(', '), ...more, '', why].join('\n');
}

function explainUnflagged({ status, details }: AccessLogLine): string {
  if (details === 'via_upstream') return `No flag: the answer ${status ?? ''} came from the service itself.\n`;
  return 'No flag: nothing went wrong in the mesh.\n';
}

function explainBody(body: string): string | undefined {
  // As the nearest sidecar would send it; a body alone does not tell which proxy wrote it.
  const reply = classifyReply({ status: statusOf(body), headers: { server: 'envoy' }, body });
  if (reply.reason === undefined && reply.flag === undefined) return undefined;
  const head = [`${reply.message}`, `Reached the application: ${reply.processed}. Repeat it: ${reply.retry}.`, ''];
  return [...head, reply.flag === undefined ? '' : explainFlag(reply.flag)].join('\n');
}

function statusOf(body: string): number {
  if (/^RBAC/.test(body)) return 403;
  return /^Jwt/.test(body) ? 401 : 503;
}

function numbered(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [title, ...items.map((item, index) => `  ${index + 1}. ${item}`)];
}
