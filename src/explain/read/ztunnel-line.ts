import { type Dict, textOf } from './json.ts';

/** A connection in the access log of ztunnel, which carries the traffic of ambient pods. */
export interface ZtunnelLine {
  readonly time: string | undefined;
  /** Undefined where the connection went well. */
  readonly error: string | undefined;
  readonly source: string | undefined;
  readonly workload: string | undefined;
  readonly namespace: string | undefined;
  readonly service: string | undefined;
  readonly direction: string | undefined;
}

/** Reads the text format: time, level, `access`, what happened, then KEY=VALUE with or without quotes. */
export function readZtunnelText(text: string): ZtunnelLine | undefined {
  if (!text.includes('src.addr=') && !text.includes('dst.addr=') && !/^error="[^"]+"$/.test(text)) return undefined;
  const values = new Map<string, string>();
  for (const [, key = '', quoted, bare] of text.matchAll(/([\w.]+)=(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)) {
    values.set(key, quoted ?? bare ?? '');
  }
  const time = /^\S*\d{4}-\d\d-\d\dT\S+/.exec(text)?.[0];
  return lineOf((key) => values.get(key), time);
}

/** Reads the JSON format: the same keys beside `level`, `time` and `scope`. */
export function readZtunnelJson(json: Dict): ZtunnelLine | undefined {
  if (!('src.addr' in json) && !('dst.addr' in json)) return undefined;
  return lineOf((key) => textOf(json[key]), textOf(json.time));
}

function lineOf(value: (key: string) => string | undefined, time: string | undefined): ZtunnelLine {
  return {
    time,
    error: value('error'),
    source: value('src.workload') ?? value('src.addr'),
    workload: value('dst.workload') ?? value('dst.addr'),
    namespace: value('dst.namespace'),
    service: value('dst.service'),
    direction: value('direction'),
  };
}
