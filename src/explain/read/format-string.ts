import { type AccessLine, emptyLine, present, splitFlags } from './access-line.ts';
import { isDict, parseJson, textOf } from './json.ts';
import { objectIn } from './json-line.ts';

/** Reads a line of a format of one's own; undefined for a line that has another form. */
export type LineReader = (text: string) => AccessLine | undefined;

/** Envoy's operators by the field that they fill; what is not here is skipped. */
const operators: Readonly<Record<string, keyof AccessLine>> = {
  START_TIME: 'time',
  'REQ(:METHOD)': 'method',
  'REQ(:PATH)': 'path',
  PATH: 'path',
  PROTOCOL: 'protocol',
  RESPONSE_CODE: 'status',
  RESPONSE_FLAGS: 'flags',
  RESPONSE_FLAGS_LONG: 'flags',
  RESPONSE_CODE_DETAILS: 'details',
  CONNECTION_TERMINATION_DETAILS: 'termination',
  UPSTREAM_TRANSPORT_FAILURE_REASON: 'transport',
  'REQ(:AUTHORITY)': 'authority',
  UPSTREAM_HOST: 'upstreamHost',
  UPSTREAM_REMOTE_ADDRESS: 'upstreamHost',
  UPSTREAM_CLUSTER: 'cluster',
  UPSTREAM_CLUSTER_RAW: 'cluster',
  DOWNSTREAM_LOCAL_ADDRESS: 'localAddress',
  DOWNSTREAM_REMOTE_ADDRESS: 'remoteAddress',
  REQUESTED_SERVER_NAME: 'serverName',
  ROUTE_NAME: 'route',
};

/** Without one of these a line does not tell why something failed. */
const telling: readonly (keyof AccessLine)[] = ['status', 'flags', 'details'];

/**
 * Makes a reader of a format string of Envoy (`accessLogFormat` of Istio): text with operators, or JSON whose values are
 * operators. Undefined where it has neither status nor flags nor details.
 */
export function formatReader(format: string): LineReader | undefined {
  const document = parseJson(format);
  const reader = isDict(document) ? jsonReader(document) : textReader(format.replace(/(?:\\n|\n)+$/, ''));
  return reader.fields.some((field) => field !== undefined && telling.includes(field)) ? reader.read : undefined;
}

interface Reader {
  readonly fields: readonly (keyof AccessLine | undefined)[];
  readonly read: LineReader;
}

function jsonReader(format: Readonly<Record<string, unknown>>): Reader {
  const rows = Object.entries(format).map(
    ([key, value]) => [key, fieldOf(textOf(value)?.match(operatorPattern)?.[0])] as const,
  );
  return {
    fields: rows.map(([, field]) => field),
    read(text) {
      const data = objectIn(text);
      if (data === undefined || !rows.some(([key, field]) => field !== undefined && key in data)) return undefined;
      return lineOf(rows.map(([key, field]) => [field, textOf(data[key])]));
    },
  };
}

const operatorPattern = /%[A-Z_]+(?:\([^)]*\))?(?::\d+)?%/;

/** The literal text before each operator, then each value up to the literal that follows it: no backtracking. */
function textReader(format: string): Reader {
  const literals = format.split(new RegExp(operatorPattern, 'g'));
  const fields = [...format.matchAll(new RegExp(operatorPattern, 'g'))].map(([operator]) => fieldOf(operator));
  const head = literals[0] ?? '';
  return {
    fields,
    read(text) {
      let at = head === '' ? 0 : text.indexOf(head);
      if (at < 0) return undefined;
      at += head.length;
      const values: [keyof AccessLine | undefined, string][] = [];
      for (const [index, field] of fields.entries()) {
        const next = literals[index + 1] ?? '';
        const isLast = index === fields.length - 1;
        const end = next === '' ? (isLast ? text.length : -1) : text.indexOf(next, at);
        // The last literal may be cut off, nothing else.
        if (end < 0 && !isLast) return undefined;
        values.push([field, text.slice(at, end < 0 ? text.length : end)]);
        at = end + next.length;
      }
      return values.every(isPlausible) ? lineOf(values) : undefined;
    },
  };
}

/** A line of another form has its words in the wrong places. */
function isPlausible([field, value]: readonly [keyof AccessLine | undefined, string]): boolean {
  if (field === 'status') return /^(?:-|\d{1,3})$/.test(value);
  return field !== 'flags' || /^(?:-|\w{2,}(?:,\w{2,})*)$/.test(value);
}

/** `%REQ(X-ENVOY-ORIGINAL-PATH?:PATH):100%`: the last header is the one that is always there. */
function fieldOf(operator: string | undefined): keyof AccessLine | undefined {
  if (operator === undefined) return undefined;
  const name = operator.slice(1, -1).replace(/:\d+$/, '').toUpperCase();
  const plain = name.startsWith('START_TIME') ? 'START_TIME' : name.replace(/^REQ(?:_WITHOUT_QUERY)?\([^)]*\?/, 'REQ(');
  return operators[plain.replace(/^REQ_WITHOUT_QUERY/, 'REQ')];
}

function lineOf(values: readonly (readonly [keyof AccessLine | undefined, string | undefined])[]): AccessLine {
  const found = new Map(values.filter(([field, value]) => field !== undefined && present(value) !== undefined));
  const status = found.get('status');
  const flags = splitFlags(found.get('flags') ?? '-');
  const texts = Object.fromEntries([...found].filter(([field]) => field !== 'status' && field !== 'flags'));
  return {
    ...emptyLine,
    ...texts,
    flags,
    status: status !== undefined && /^\d{1,3}$/.test(status) ? Number(status) : undefined,
  };
}
