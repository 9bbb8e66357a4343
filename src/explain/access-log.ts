import { isDict, text } from '../check/read/values.ts';

/** What one line of an access log says, as far as the formats of Istio and Envoy agree. */
export interface AccessLogLine {
  readonly time: string | undefined;
  readonly request: string | undefined;
  readonly status: number | undefined;
  readonly flags: readonly string[];
  /** `%RESPONSE_CODE_DETAILS%`: Istio's formats only. */
  readonly details: string | undefined;
  readonly transportFailure: string | undefined;
  readonly authority: string | undefined;
  /** The cluster, else the address that was called. */
  readonly upstream: string | undefined;
}

/**
 * Reads a line of Istio's or Envoy's default format, text or JSON; undefined for anything else.
 * Envoy's text has 13 fields, Istio's has three more before the byte counts and six more at the end.
 */
export function parseAccessLogLine(line: string): AccessLogLine | undefined {
  const trimmed = line.trim();
  return trimmed.startsWith('{') ? parseJsonLine(trimmed) : parseTextLine(trimmed);
}

function parseTextLine(line: string): AccessLogLine | undefined {
  const fields = [...line.matchAll(/\[([^\]]*)\]|"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
  const [time, request, status, flags] = fields;
  if (!line.startsWith('[') || status === undefined || !/^\d{1,3}$|^-$/.test(status) || flags === undefined)
    return undefined;
  const istio = fields.length >= 20;
  const upstreamHost = fields[istio ? 15 : 12];
  return {
    time: present(time),
    request: present(request === '- - -' ? '-' : request),
    status: Number(status) || undefined,
    flags: splitFlags(flags),
    details: istio ? present(fields[4]) : undefined,
    transportFailure: istio ? present(fields[6]) : undefined,
    authority: present(fields[istio ? 14 : 11]),
    upstream: (istio ? present(fields[16]) : undefined) ?? present(upstreamHost),
  };
}

function parseJsonLine(line: string): AccessLogLine | undefined {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch {
    return undefined; // not a log line: the caller tells how many it could not read
  }
  if (!isDict(data) || !('response_flags' in data || 'response_code' in data)) return undefined;
  const field = (name: string) => present(text(data[name]));
  const request = [field('method'), field('path'), field('protocol')].filter((part) => part !== undefined).join(' ');
  return {
    time: field('start_time'),
    request: request === '' ? undefined : request,
    status: Number(data.response_code) || undefined,
    flags: splitFlags(text(data.response_flags) ?? '-'),
    details: field('response_code_details'),
    transportFailure: field('upstream_transport_failure_reason'),
    authority: field('authority'),
    upstream: field('upstream_cluster') ?? field('upstream_host'),
  };
}

function splitFlags(flags: string): readonly string[] {
  return flags.split(',').filter((flag) => flag !== '-' && flag !== '');
}

function present(value: string | undefined): string | undefined {
  return value === undefined || value === '-' || value === '' ? undefined : value;
}
