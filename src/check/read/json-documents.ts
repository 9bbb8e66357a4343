import { countLines } from './documents.ts';
import type { ManifestDocument, ManifestSource } from './manifest.ts';

export interface JsonDocument {
  readonly document: ManifestDocument;
  readonly data: unknown;
}

/** The values of a JSON text, one or, as kubectl takes them, several in a row; undefined where it is no JSON. */
export function readJson(source: ManifestSource): readonly JsonDocument[] | undefined {
  const { text } = source;
  if (!/^\s*[{[]/.test(text)) return undefined;
  const whole = parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  if (whole !== undefined) return [{ document: { source, text, format: 'json', offset: 0, line: 1 }, data: whole }];
  return readStream(source);
}

function readStream(source: ManifestSource): readonly JsonDocument[] | undefined {
  const documents: JsonDocument[] = [];
  let line = 1;
  let offset = 0;
  while (offset < source.text.length) {
    const end = endOfObject(source.text, offset);
    if (end === undefined) return source.text.slice(offset).trim() === '' ? documents : undefined;
    const text = source.text.slice(offset, end);
    const data = parse(text);
    if (data === undefined) return undefined;
    documents.push({ document: { source, text, format: 'json', offset, line }, data });
    line += countLines(text);
    offset = end;
  }
  return documents;
}

/** Behind the object that begins here, after space. */
function endOfObject(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '"') at = endOfString(text, at);
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    else if (depth === 0 && !' \t\r\n'.includes(char)) return undefined;
    if (depth === 0 && (char === '}' || char === ']')) return at + 1;
    if (depth < 0) return undefined;
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function parse(text: string): unknown {
  try {
    const data: unknown = JSON.parse(text);
    return data ?? undefined;
  } catch {
    return undefined;
  }
}
