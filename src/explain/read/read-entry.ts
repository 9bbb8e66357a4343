import type { AccessLine } from './access-line.ts';
import type { LineReader } from './format-string.ts';
import { objectIn, readJsonLine } from './json-line.ts';
import { readTextLine } from './text-line.ts';
import { type UnwrappedLine, unwrapLine } from './unwrap-line.ts';
import { readZtunnelJson, readZtunnelText, type ZtunnelLine } from './ztunnel-line.ts';

/** One line of whatever log: what it is, the pod that wrote it and when, as far as it says. */
export type LogEntry = (
  | { readonly kind: 'access'; readonly line: AccessLine }
  | { readonly kind: 'ztunnel'; readonly line: ZtunnelLine }
  | { readonly kind: 'text'; readonly text: string; readonly quiet: boolean }
) & { readonly pod: string | undefined; readonly time: string | undefined };

/** Reads a line that may be wrapped by collectors. `format` is for an access log of one's own format. */
export function readEntry(raw: string, format?: LineReader): LogEntry {
  return entryOf(unwrapLine(raw), format);
}

function entryOf({ text, json, pod, time: stamp }: UnwrappedLine, format?: LineReader): LogEntry {
  const own = format?.(json === undefined ? text : JSON.stringify(json));
  if (own !== undefined) return { kind: 'access', line: own, pod, time: own.time ?? stamp };
  const data = json ?? (text.includes('{"') && !text.includes('] "') ? objectIn(text) : undefined);
  const line = data === undefined ? readTextLine(text) : readJsonLine(data);
  if (line !== undefined) return { kind: 'access', line, pod, time: line.time ?? stamp };
  const tunnel = data === undefined ? readZtunnelText(text) : readZtunnelJson(data);
  if (tunnel !== undefined) return { kind: 'ztunnel', line: tunnel, pod, time: tunnel.time ?? stamp };
  return { kind: 'text', text, quiet: isQuiet(text, data), pod, time: stamp ?? timeIn(text) };
}

/** At the beginning, bare or in brackets: Istio's and Envoy's own lines. */
function timeIn(text: string): string | undefined {
  const first = text.charCodeAt(text[0] === '[' ? 1 : 0);
  if (first < 0x30 || first > 0x39) return undefined;
  return /^\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)/.exec(text)?.[1];
}

const quietLevels: readonly unknown[] = ['info', 'INFO', 'debug', 'DEBUG', 'trace', 'TRACE', 10, 20, 30];

/** What a program says without worry is no failure, whatever words it uses. */
function isQuiet(text: string, json: Readonly<Record<string, unknown>> | undefined): boolean {
  if (json !== undefined) return quietLevels.includes(json.level ?? json.severity);
  return /^(?:\S+\s+|\[[^\]]*\](?:\[[^\]]*\])?)?\[?(?:info|debug|trace|INFO|DEBUG|TRACE)\b/.test(text);
}
