import { type AccessLine, present, splitFlags } from './access-line.ts';

/**
 * Reads a line in the text format of Envoy or of any release of Istio; undefined for anything else. What stands before the
 * line is skipped, and its beginning may be cut off.
 *
 * Between flags and byte counts stand: in Envoy's format nothing; in Istio's up to 1.8 one or two quoted fields, of which
 * the last is the transport failure; since 1.9 details, termination details and the quoted transport failure
 * (pilot/pkg/model/telemetry_logging.go, Istio 1.31).
 */
export function readTextLine(text: string): AccessLine | undefined {
  const start = findRequest(text);
  if (start === undefined) return undefined;
  const end = text.indexOf('"', start.quote + 1);
  const fields = end < 0 ? [] : splitFields(text, end + 1);
  const [status = '', flags = ''] = fields;
  if (!isStatus(status) || !isFlags(flags)) return undefined;
  const counts = fields.findIndex((field, index) => index > 1 && isNumber(field) && isNumber(fields[index + 1]));
  const middle = fields.slice(2, counts < 0 ? undefined : counts);
  const bare = middle.filter((field) => !field.startsWith('"'));
  const transport = middle.findLast((field) => field.startsWith('"'));
  // Byte counts (2), duration and upstream time come before the quoted fields.
  const tail = counts < 0 ? [] : fields.slice(counts);
  const quoted = tail.findIndex((field) => field.startsWith('"'));
  const [, , , authority, upstreamHost, cluster, , localAddress, remoteAddress, serverName, route] =
    quoted < 0 ? [] : tail.slice(quoted);
  const [method, path, protocol] = text.slice(start.quote + 1, end).split(' ');
  return {
    time: present(start.time),
    method: present(method),
    path: present(path),
    protocol: present(protocol),
    status: status === '-' ? undefined : Number(status),
    flags: splitFlags(flags),
    details: present(bare[0]),
    termination: present(bare.slice(1).join(' ')),
    transport: unquoted(transport),
    authority: unquoted(authority),
    upstreamHost: unquoted(upstreamHost),
    cluster: present(cluster),
    localAddress: present(localAddress),
    remoteAddress: present(remoteAddress),
    serverName: present(serverName),
    route: present(route),
  };
}

const cutLine = /"(?:[A-Z]+ \S+ HTTP\/[\d.]+|- - -)" (?:\d{1,3}|-) (?:-|[A-Z]{2,6})/;

/** Where the quoted request begins, and the time before it. */
function findRequest(text: string): { readonly quote: number; readonly time: string | undefined } | undefined {
  const bracket = text.indexOf('] "');
  if (bracket > 0) {
    const open = text.lastIndexOf('[', bracket);
    const time = open < 0 ? '' : text.slice(open + 1, bracket);
    // The year comes first: what begins with a day is the log of a web server.
    if (time === '' || time === '-' || /^\d{4}-/.test(time)) return { quote: bracket + 2, time };
    return undefined;
  }
  if (!text.includes('" ')) return undefined;
  const at = text.search(cutLine);
  return at < 0 ? undefined : { quote: at, time: undefined };
}

/** Fields between blanks; those in quotes keep the quote in front, so that one can tell them. */
function splitFields(text: string, from: number): string[] {
  const fields: string[] = [];
  let at = from;
  while (at < text.length) {
    if (text[at] === ' ') {
      at++;
      continue;
    }
    let end: number;
    if (text[at] === '"') {
      end = text.indexOf('"', at + 1);
      while (end > 0 && text[end - 1] === '\\') end = text.indexOf('"', end + 1);
      if (end < 0) end = text.length;
      fields.push(text.slice(at, end));
    } else {
      end = text.indexOf(' ', at);
      if (end < 0) end = text.length;
      fields.push(text.slice(at, end));
    }
    at = end + 1;
  }
  return fields;
}

function unquoted(field: string | undefined): string | undefined {
  return present(field?.startsWith('"') ? field.slice(1) : field);
}

function isStatus(field: string): boolean {
  return field === '-' || /^\d{1,3}$/.test(field);
}

function isFlags(field: string): boolean {
  return field === '-' || /^[A-Za-z]{2,}(?:,[A-Za-z]{2,})*$/.test(field);
}

function isNumber(field: string | undefined): boolean {
  return field !== undefined && /^\d+$/.test(field);
}
