import { formatReader, type LineReader } from '../../explain/read/format-string.ts';
import type { Layout } from '../../explain/words/answer-text.ts';
import { colourPaint, plainPaint } from '../../explain/words/paint.ts';
import { parseDuration } from '../../text/durations.ts';
import { badValue } from '../options.ts';
import type { GivenOptions, OptionSpec, ToolIo } from '../tool.ts';

const standardTop = 5;
export const standardAdmin = 'http://localhost:15000';

export const explainOptions: readonly OptionSpec[] = [
  { flag: 'json', text: 'print JSON' },
  {
    flag: 'since',
    value: 'TIME',
    text: 'leave out what is older: a duration (10m, 2h) or a time (2026-03-01T09:30:00Z)',
  },
  { flag: 'top', value: 'COUNT', default: String(standardTop), text: 'explain this many causes of a log' },
  {
    flag: 'format-string',
    value: 'FORMAT',
    default: "Envoy's and Istio's, text and JSON",
    text: 'the format of the access log, as in accessLogFormat',
  },
  { flag: 'pod', text: 'ask the sidecar of this pod, or of the POD that is named, and decide by what it shows' },
  { flag: 'namespace', short: 'n', value: 'NAME', default: "kubectl's", text: 'namespace of the POD' },
  { flag: 'context', value: 'NAME', default: "kubectl's", text: 'context of kubectl' },
  {
    flag: 'admin-url',
    value: 'URL',
    default: standardAdmin,
    text: "with --pod, address of Envoy's admin: http://HOST:PORT or unix:PATH",
  },
];

export interface ExplainOptions {
  readonly json: boolean;
  /** Milliseconds since 1970. */
  readonly sinceMs: number | undefined;
  readonly top: number;
  readonly format: LineReader | undefined;
}

/** @throws ToolError for a value that an option does not take */
export function readExplainOptions({ values }: GivenOptions): ExplainOptions {
  return {
    json: values.has('json'),
    sinceMs: readSince(values.get('since')),
    top: readTop(values.get('top')),
    format: readFormat(values.get('format-string')),
  };
}

function readSince(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ago = parseDuration(text);
  const time = ago === undefined && /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (ago !== undefined) return Date.now() - ago;
  if (Number.isNaN(time))
    throw badValue('--since', text, 'a duration such as 10m or 2h, or a time such as 2026-03-01T09:30:00Z');
  return time;
}

function readTop(text: string | undefined): number {
  if (text === undefined) return standardTop;
  const top = Number(text);
  if (!/^\d{1,6}$/.test(text) || top < 1) throw badValue('--top', text, 'a whole number of at least 1');
  return top;
}

function readFormat(text: string | undefined): LineReader | undefined {
  if (text === undefined) return undefined;
  const reader = formatReader(text);
  if (reader !== undefined) return reader;
  throw badValue('--format-string', text, 'a format with %RESPONSE_CODE%, %RESPONSE_FLAGS% or %RESPONSE_CODE_DETAILS%');
}

/** What is not a terminal is read in a terminal, as a rule: of 80 columns. */
const standardWidth = 80;
const leastWidth = 40;

export function layoutOf({ isTerminal, columns, env }: ToolIo): Layout {
  return {
    width: Math.max(leastWidth, isTerminal ? (columns ?? standardWidth) : standardWidth),
    paint: isTerminal && env.NO_COLOR === undefined ? colourPaint : plainPaint,
  };
}
