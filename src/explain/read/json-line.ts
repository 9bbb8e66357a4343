import { type AccessLine, emptyLine, present, splitFlags } from './access-line.ts';
import { isDict, textOf } from './json.ts';

/** The keys of Istio's JSON format, and those that others use for the same. */
const keys = {
  time: ['start_time', 'timestamp', 'time', 'ts'],
  method: ['method', 'req_method', 'request_method'],
  path: ['path', 'request_path', 'req_path', 'uri'],
  protocol: ['protocol'],
  status: ['response_code', 'status', 'status_code', 'responseCode'],
  flags: ['response_flags', 'responseFlags', 'response_flag', 'flags'],
  details: ['response_code_details', 'responseCodeDetails', 'details'],
  termination: ['connection_termination_details', 'connectionTerminationDetails'],
  transport: ['upstream_transport_failure_reason', 'upstreamTransportFailureReason'],
  authority: ['authority', 'host'],
  upstreamHost: ['upstream_host', 'upstreamHost'],
  cluster: ['upstream_cluster', 'upstream_cluster_raw', 'upstreamCluster'],
  localAddress: ['downstream_local_address'],
  remoteAddress: ['downstream_remote_address'],
  serverName: ['requested_server_name', 'requestedServerName'],
  route: ['route_name', 'routeName'],
} as const satisfies Record<keyof AccessLine, readonly string[]>;

/** What makes an object a line of an access log: an app's own log may have a `status` and a `path`, too. */
const telling = [...keys.flags.slice(0, 3), ...keys.details.slice(0, 2), 'response_code', 'responseCode'];

/** Reads an object of a log; undefined where it is no line of an access log. */
export function readJsonLine(data: Readonly<Record<string, unknown>>): AccessLine | undefined {
  if (!telling.some((key) => Object.hasOwn(data, key))) return undefined;
  const field = (name: keyof AccessLine): string | undefined => {
    for (const key of keys[name]) {
      const value = Object.hasOwn(data, key) ? present(textOf(data[key])) : undefined;
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const status = field('status');
  return {
    ...emptyLine,
    time: field('time'),
    method: field('method'),
    path: field('path'),
    protocol: field('protocol'),
    status: status !== undefined && /^\d{1,3}$/.test(status) ? Number(status) : undefined,
    flags: splitFlags(field('flags') ?? '-'),
    details: field('details'),
    termination: field('termination'),
    transport: field('transport'),
    authority: field('authority'),
    upstreamHost: field('upstreamHost'),
    cluster: field('cluster'),
    localAddress: field('localAddress'),
    remoteAddress: field('remoteAddress'),
    serverName: field('serverName'),
    route: field('route'),
  };
}

/** The object that stands in a text, alone or behind something; undefined where none does. */
export function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  const at = text.indexOf('{"');
  const from = at < 0 ? text.search(/\{\s+"/) : at;
  const end = text.lastIndexOf('}');
  if (from < 0 || end < from) return undefined;
  try {
    const data: unknown = JSON.parse(text.slice(from, end + 1));
    return isDict(data) ? data : undefined;
  } catch {
    return undefined; // braces in a sentence, or a line that was cut
  }
}
