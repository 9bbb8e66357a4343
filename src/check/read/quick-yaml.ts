import { deepestLevel } from './depth.ts';

/**
 * Reads the plain block style that most manifests are written in, ten times as fast as a whole YAML parser: that is the
 * time of a check. Anything else (flow collections, anchors, tags, escapes, folded or multi-line text, errors) is left to
 * the parser: then the answer is undefined. What it does read it reads as the parser would; the tests hold the two together.
 */
export function readQuickly(yaml: string): unknown {
  if (!yaml.endsWith('\n') || unusualText.test(yaml)) return undefined;
  const reader = new Reader(yaml);
  try {
    return reader.document();
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what YAML forbids or breaks lines at.
const unusualText = /[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]/;
const keyPattern = /^([A-Za-z][\w./-]*|"[\w./ -]+"|'[\w./ -]+') *:(?: +(.*))?$/;
const unsureKey = /^(?:null|true|false|yes|no|on|off|y|n)$/i;
const plainScalar = /^[A-Za-z0-9_/.+-]/;
const numberPattern = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** Octal, hexadecimal and binary numbers, those with underscores, and what is infinite or none. */
const unsureNumber = /^(?:[-+]?0[0-9obx_]|[-+]?[0-9.][0-9.]*_|[-+]?\.(?:inf|nan)$)/i;
const plainWords: ReadonlyMap<string, boolean | null> = new Map([
  ...['null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'y', 'Y'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'n', 'N'].map((word) => [word, false] as const),
]);

const notPlain = Symbol('not the plain block style');

function giveUp(): never {
  throw notPlain;
}

class Reader {
  readonly #lines: string[];
  #at = 0;
  /** Of the current line, which is neither blank nor a comment; -1 at the end. */
  #indent = -1;
  #content = '';

  constructor(yaml: string) {
    this.#lines = yaml.split('\n');
  }

  document(): unknown {
    this.#find();
    if (this.#indent === 0 && this.#content === '---') this.#next();
    if (this.#indent !== 0) giveUp();
    const value = this.#block(0);
    return this.#ended() ? value : giveUp();
  }

  #ended(): boolean {
    return this.#indent === -1;
  }

  #next(): void {
    this.#at += 1;
    this.#find();
  }

  /** Goes on to the first line that says something. */
  #find(): void {
    for (; this.#at < this.#lines.length; this.#at += 1) {
      const line = this.#lines[this.#at] ?? '';
      const content = line.trimStart();
      if (content === '' || content.startsWith('#')) continue;
      this.#indent = line.length - content.length;
      this.#content = content.trimEnd();
      return;
    }
    this.#indent = -1;
    this.#content = '';
  }

  /** What is deeper than this is deeper than the limit of levels, or close: the parser's tree tells. */
  #block(indent: number): unknown {
    if (indent > deepestLevel) giveUp();
    return isItem(this.#content) ? this.#sequence(indent) : this.#mapping(indent);
  }

  #mapping(indent: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    while (this.#indent === indent && !isItem(this.#content)) {
      const match = keyPattern.exec(this.#content) ?? giveUp();
      const key = match[1] ?? '';
      if (unsureKey.test(key)) giveUp();
      setOwn(map, unquote(key), this.#value(match[2] ?? '', indent, true));
    }
    return this.#indent > indent ? giveUp() : map;
  }

  #sequence(indent: number): unknown[] {
    const items: unknown[] = [];
    while (this.#indent === indent && isItem(this.#content)) {
      const inner = this.#content.slice(1).trimStart();
      if (isItem(inner)) giveUp();
      if (keyPattern.test(inner)) {
        // The item's first pair stands on the dash's line: read on as if the dash were a space.
        this.#indent += this.#content.length - inner.length;
        this.#content = inner;
        items.push(this.#mapping(this.#indent));
      } else items.push(this.#value(inner, indent, false));
    }
    return this.#indent > indent ? giveUp() : items;
  }

  #value(written: string, indent: number, ofKey: boolean): unknown {
    const text = withoutComment(written);
    if (text === '|' || text === '|-') return this.#literal(indent, text === '|-');
    this.#next();
    if (text !== '') return this.#indent > indent ? giveUp() : scalar(text);
    if (this.#indent > indent) return this.#block(this.#indent);
    return ofKey && this.#indent === indent && isItem(this.#content) ? this.#sequence(indent) : null;
  }

  #literal(parent: number, strip: boolean): string {
    const lines: string[] = [];
    let indent = -1;
    for (this.#at += 1; this.#at < this.#lines.length; this.#at += 1) {
      const line = this.#lines[this.#at] ?? '';
      const own = line.length - line.trimStart().length;
      const blank = own === line.length;
      if (indent === -1) {
        // Blank lines before the first, and text at the margin, follow rules of their own.
        if (blank || own <= parent) giveUp();
        indent = own;
      } else if (!blank && own < indent) {
        if (own > parent) giveUp();
        break;
      }
      if (blank && own > indent) giveUp();
      lines.push(line.slice(indent));
    }
    while (lines.at(-1) === '') lines.pop();
    this.#find();
    return lines.length === 0 ? giveUp() : lines.join('\n') + (strip ? '' : '\n');
  }
}

/** `__proto__` is a key like any other, as the parser has it; assigned, it would change what the map inherits. */
function setOwn(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
  else map[key] = value;
}

function isItem(content: string): boolean {
  return content === '-' || content.startsWith('- ');
}

function withoutComment(written: string): string {
  if (written.startsWith('#')) return '';
  const quote = written[0];
  if (quote === '"' || quote === "'") {
    const end = written.indexOf(quote, 1);
    const rest = written.slice(end + 1);
    return end !== -1 && /^ +#/.test(rest) ? written.slice(0, end + 1) : written;
  }
  const comment = written.indexOf(' #');
  return comment === -1 ? written : written.slice(0, comment).trimEnd();
}

function scalar(text: string): unknown {
  const quote = text[0];
  if (quote === '"' || quote === "'") return unquote(text);
  if (text === '{}') return {};
  if (text === '[]') return [];
  if (!plainScalar.test(text) || text.startsWith('---') || isItem(text) || text.startsWith('...')) giveUp();
  if (text.includes(': ') || text.endsWith(':')) giveUp();
  const word = plainWords.get(text);
  if (word !== undefined) return word;
  if (unsureNumber.test(text)) giveUp();
  if (numberPattern.test(text)) return /^[-+]?[0-9]{1,15}$/.test(text) ? Number(text) : number(text);
  return text;
}

/** Beyond 15 digits, and where a text such as 1e999 is no finite number, the parser decides. */
function number(text: string): number {
  const value = Number(text);
  return text.length <= 15 && Number.isFinite(value) ? value : giveUp();
}

function unquote(text: string): string {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") return text;
  const inner = text.slice(1, -1);
  if (text.length < 2 || text.at(-1) !== quote || inner.includes(quote) || inner.includes('\\')) giveUp();
  return inner;
}
