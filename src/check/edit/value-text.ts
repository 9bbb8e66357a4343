import { stringify } from 'yaml';
import type { FlowStyle } from './text-style.ts';

/** A value as the lines of a block, each behind `indent`. */
export function blockLines(value: unknown, indent: string, indentSeq: boolean): string {
  return stringify(value, { lineWidth: 0, schema: 'yaml-1.1', indentSeq }).replace(/^(?=.)/gm, indent);
}

/** A value between braces and brackets, as the author would write it. */
export function flowText(value: unknown, style: FlowStyle): string {
  const newline = /\n.*$/.exec(style.comma)?.[0];
  if (style.json && newline !== undefined) return JSON.stringify(value, null, style.step).replaceAll('\n', newline);
  const comma = newline === undefined ? style.comma : ', ';
  if (Array.isArray(value)) return `[${value.map((item) => flowText(item, style)).join(comma)}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, item]) => pairText(key, item, style));
    return pairs.length === 0 ? '{}' : `{${style.padding}${pairs.join(comma)}${style.padding}}`;
  }
  if (style.json) return JSON.stringify(value);
  return typeof value === 'string' && !isWord.test(value) ? inQuotes(value) : scalarText(value);
}

/** What no parser of YAML takes for anything but a text, between brackets either. */
const isWord = /^(?:--|(?:--?(?=[a-zA-Z]))?[A-Za-z0-9_./+](?:[A-Za-z0-9_./=@+-]|:(?=[A-Za-z0-9_./]))*)$/;

/** Without a backslash in the way where that is possible: it is read by people. */
function inQuotes(text: string): string {
  return text.includes('"') && /^[ -~]*$/.test(text) && !text.includes("'") ? `'${text}'` : JSON.stringify(text);
}

export function pairText(key: string, value: unknown, style: FlowStyle): string {
  return `${style.json ? JSON.stringify(key) : scalarText(key)}${style.colon}${flowText(value, style)}`;
}

/** A text, number or boolean as YAML 1.1 and 1.2 read it alike. */
export function scalarText(value: unknown): string {
  const isOther = /^(?:true|false|yes|no|on|off|y|n|null|~|=|<<|-|\.+|[-+.]?\d.*|)$/i;
  if (typeof value === 'string' && isOther.test(value)) return JSON.stringify(value);
  return stringify(value, { lineWidth: 0, schema: 'yaml-1.1' }).trimEnd();
}

/** A text between brackets in the quotes that its predecessor had: without any where it had none and needs none. */
export function quotedInFlow(text: string, quote: Quote): string {
  const written = quotedText(text, quote);
  return quote !== undefined || !/[,[\]{}\n]/.test(written) ? written : inQuotes(text);
}

/** The quote around a text; undefined where it has none. */
export type Quote = '"' | "'" | undefined;

export function quoteAt(text: string, offset: number | undefined): Quote {
  const first = text[offset ?? -1];
  return first === '"' || first === "'" ? first : undefined;
}

/** A value in the quotes that its predecessor or its neighbours have. */
export function quotedText(value: unknown, quote: Quote): string {
  if (typeof value !== 'string' || quote === undefined) return scalarText(value);
  return quote === "'" && /^[ -~]*$/.test(value) ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
}
