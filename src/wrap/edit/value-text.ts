import { stringify } from 'yaml';

/** A value as the lines of a block, each behind `indent`. */
export function blockLines(value: unknown, indent: string, indentSeq: boolean): string {
  return stringify(value, { lineWidth: 0, schema: 'yaml-1.1', indentSeq }).replace(/^(?=.)/gm, indent);
}

/** Where the keys of an object have lines of their own. */
export interface Spread {
  /** With the indentation of the keys beside the value. */
  readonly newline: string;
  /** What the document indents by. */
  readonly step: string;
}

/** A value between braces and brackets. */
export function flowText(value: unknown, json: boolean, spread?: Spread): string {
  if (json && spread !== undefined) return JSON.stringify(value, null, spread.step).replaceAll('\n', spread.newline);
  if (json) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => flowText(item, json)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, inner]) => `${scalarText(key)}: ${flowText(inner, json)}`);
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  }
  return typeof value === 'string' ? scalarText(value) : JSON.stringify(value);
}

/** A text that stays one wherever it stands: plain where nobody can read it otherwise. */
export function scalarText(text: string): string {
  const isWord = /^(?:--|(?:--?(?=[a-zA-Z]))?[A-Za-z0-9_./+](?:[A-Za-z0-9_./=@+-]|:(?=[A-Za-z0-9_./]))*)$/.test(text);
  const isOther = /^(?:true|false|yes|no|on|off|y|n|null|~|[-+.]?[\d.].*|=|<<|-)$/i.test(text) || /^\.+$/.test(text);
  if (isWord && !isOther) return text;
  // Without a backslash in the way: that is read by people.
  return text.includes('"') && /^[ -~]*$/.test(text) && !text.includes("'") ? `'${text}'` : JSON.stringify(text);
}

/** The quote that the author puts around every text of a list; undefined where there is no such rule. */
export type Quote = '"' | "'" | undefined;

/** A text in the quotes that its neighbours have. */
export function quotedText(text: string, quote: Quote): string {
  if (quote === '"') return JSON.stringify(text);
  return quote === "'" && /^[ -~]*$/.test(text) ? `'${text.replaceAll("'", "''")}'` : scalarText(text);
}

/** What a document in JSON indents by. */
export function jsonStep(text: string): string {
  return /^\s*\{\s*?\n([ \t]+)/.exec(text)?.[1] ?? '  ';
}

/** Whether a document is JSON, where keys need quotes. */
export function isJsonText(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
