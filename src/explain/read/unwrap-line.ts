import { type Dict, isDict, textOf } from './json.ts';
import { objectIn } from './json-line.ts';

/** A line as the container wrote it, and what was around it. */
export interface UnwrappedLine {
  readonly text: string;
  /** The object, where the line is JSON. */
  readonly json: Dict | undefined;
  readonly pod: string | undefined;
  /** Of whoever collected the line. */
  readonly time: string | undefined;
  /** The stream of a CRI line that goes on in the next one of that stream. */
  readonly partial: string | undefined;
}

/** Kubectl's --prefix; a time as kubectl's --timestamps and CRI write it; what CRI has behind it. */
const prefixPattern = /^\[pod\/([^/\]\s]+)\/[^\]\s]+\] ?/;
const stampPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)) /;
const criPattern = /^(stdout|stderr) ([FP]) ?/;
/** Stern: POD CONTAINER, with the namespace in front or not. */
const sternPattern =
  /^(?:[a-z0-9][a-z0-9.-]* )?([a-z0-9][a-z0-9.-]*) [a-z0-9][a-z0-9-]* (?=\[\d{4}-|\{"|\d{4}-\d\d-\d\dT)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal begin with one
const colourPattern = /\u001b\[[\d;]*m/g;

/** Takes off what collectors put around a line: colours, prefixes, times, CRI and JSON, in any combination. */
export function unwrapLine(raw: string): UnwrappedLine {
  let text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
  if (text.charCodeAt(0) === 0xfe_ff) text = text.slice(1);
  if (text.includes('\u001b')) text = text.replaceAll(colourPattern, '');
  let pod: string | undefined;
  let time: string | undefined;
  let partial: string | undefined;
  // As many wrappers as there may be, one in another.
  for (let depth = 0; depth < 5; depth++) {
    const first = text[0];
    if (first === '{') {
      const json = objectIn(text);
      const inner = json && innerOf(json);
      if (json === undefined || inner === undefined) return { text, json, pod, time, partial };
      pod = podOf(json) ?? pod;
      time = textOf(json.time) ?? textOf(json.timestamp) ?? time;
      if (typeof inner !== 'string') return { text, json: inner, pod, time, partial };
      text = inner.endsWith('\n') ? inner.slice(0, -1) : inner;
      continue;
    }
    if (first === '[' && text.startsWith('[pod/')) {
      const prefix = prefixPattern.exec(text);
      if (prefix === null) break;
      pod = prefix[1];
      text = text.slice(prefix[0].length);
      continue;
    }
    if (first !== undefined && first >= '0' && first <= '9') {
      const stamp = stampPattern.exec(text);
      if (stamp !== null) {
        time = stamp[1];
        text = text.slice(stamp[0].length);
        const cri = criPattern.exec(text);
        if (cri !== null) {
          text = text.slice(cri[0].length);
          if (cri[2] === 'P') partial = cri[1];
        }
        continue;
      }
    }
    const stern = first !== undefined && first >= 'a' && first <= 'z' ? sternPattern.exec(text) : null;
    if (stern === null) break;
    pod = stern[1];
    text = text.slice(stern[0].length);
  }
  return { text, json: undefined, pod, time, partial };
}

/** Docker and Fluent Bit: log; stern: message; Google: textPayload, jsonPayload; Loki: line. */
function innerOf(json: Dict): string | Dict | undefined {
  // Ztunnel's own: its message is no line.
  if (json.scope === 'access' || 'response_flags' in json || 'response_code' in json) return undefined;
  if (isDict(json.jsonPayload)) return json.jsonPayload;
  for (const key of ['log', 'message', 'textPayload', 'line'] as const) {
    const value = json[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function podOf(json: Dict): string | undefined {
  const kubernetes = isDict(json.kubernetes) ? json.kubernetes : {};
  return textOf(json.podName) ?? textOf(kubernetes.pod_name) ?? textOf(json.pod);
}
