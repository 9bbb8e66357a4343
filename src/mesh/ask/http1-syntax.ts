import type { ByteString } from './transport.ts';

/** The peer does not speak HTTP/1.x as RFC 9112 has it, or its reply is larger than it may be. */
export class HttpReplyError extends Error {
  override readonly name = 'HttpReplyError';
}

/** The reply is larger than it may be, whatever else it is. */
export class ReplyTooLargeError extends HttpReplyError {}

export interface Head {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly keepAlive: boolean;
  /** How the body ends (RFC 9112, section 6.3): a length in bytes, the last chunk, or the end of the connection. */
  readonly framing: number | 'chunked' | 'close';
}

/** Garbage is refused at its first bytes: whoever speaks no HTTP may never send the empty line that ends a head. */
export function rejectEarly(start: ByteString): void {
  const expected = 'HTTP/1.';
  const seen = start.slice(0, expected.length);
  if (!expected.startsWith(seen)) throw new HttpReplyError(`not an HTTP/1 reply: it starts with ${quoted(seen)}`);
}

export function parseHead(text: ByteString): Head {
  rejectEarly(text);
  const lines = text.split('\r\n');
  const statusLine = lines[0] ?? '';
  // HTTP/1.x SP three digits SP reason; a reason may be missing together with its space.
  const minor = statusLine[7];
  const status = parseDigits(statusLine.slice(9, 12));
  if (
    (minor !== '0' && minor !== '1') ||
    statusLine[8] !== ' ' ||
    status === undefined ||
    status < 100 ||
    statusLine.slice(9, 12).length !== 3 ||
    (statusLine.length > 12 && statusLine[12] !== ' ') ||
    hasControlCharacter(statusLine)
  ) {
    throw new HttpReplyError(`malformed status line ${quoted(statusLine)}`);
  }
  const headers = new Map<string, string>();
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] as string;
    const [name, value] = parseHeaderLine(line);
    // Parsers disagree whether a tab belongs to the value, and where they disagree on framing a reply can be smuggled.
    if (name === 'transfer-encoding' && line.includes('\t')) throw new HttpReplyError('tab in transfer-encoding');
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  const connection = (headers.get('connection') ?? '').toLowerCase();
  const keepAlive = minor === '1' ? !hasToken(connection, 'close') : hasToken(connection, 'keep-alive');
  return { status, headers, keepAlive, framing: framingOf(headers) };
}

function framingOf(headers: ReadonlyMap<string, string>): Head['framing'] {
  const encoding = headers.get('transfer-encoding');
  const length = headers.get('content-length');
  if (encoding !== undefined) {
    // Both together are the mark of a smuggled reply (RFC 9112, section 6.1).
    if (length !== undefined) throw new HttpReplyError('both transfer-encoding and content-length');
    if (encoding.toLowerCase() !== 'chunked') throw new HttpReplyError(`transfer-encoding ${quoted(encoding)}`);
    return 'chunked';
  }
  if (length === undefined) return 'close';
  const bytes = parseDigits(length);
  if (bytes === undefined || bytes > Number.MAX_SAFE_INTEGER) {
    throw new HttpReplyError(`content-length ${quoted(length)}`);
  }
  return bytes;
}

export function parseHeaderLine(line: ByteString): [name: string, value: string] {
  const colon = line.indexOf(':');
  const name = line.slice(0, colon);
  if (colon <= 0 || !isToken(name)) throw new HttpReplyError(`malformed header line ${quoted(line)}`);
  const value = trimBlanks(line.slice(colon + 1));
  if (hasControlCharacter(value)) throw new HttpReplyError(`control character in header ${name}`);
  return [name.toLowerCase(), value];
}

export function parseChunkSize(line: ByteString): number {
  const semicolon = line.indexOf(';');
  const digits = semicolon < 0 ? line : line.slice(0, semicolon);
  if (
    semicolon >= 0 &&
    !line
      .slice(semicolon + 1)
      .split(';')
      .every(isChunkExtension)
  ) {
    throw new HttpReplyError(`malformed chunk extension ${quoted(line)}`);
  }
  let size = 0;
  // 13 hexadecimal digits still count exactly in a double.
  if (digits === '' || digits.length > 13) throw new HttpReplyError(`malformed chunk size ${quoted(line)}`);
  for (let i = 0; i < digits.length; i++) {
    const value = hexValue(digits.charCodeAt(i));
    if (value < 0) throw new HttpReplyError(`malformed chunk size ${quoted(line)}`);
    size = size * 16 + value;
  }
  return size;
}

/** `name`, `name=token` or `name="text"`: what it says is ignored, as RFC 9112, section 7.1.1, has it. */
function isChunkExtension(text: string): boolean {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const value = equals < 0 ? 'none' : text.slice(equals + 1);
  const inner = value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : undefined;
  const isQuoted = inner !== undefined && value.length > 1 && !inner.includes('"') && !inner.includes('\\');
  if (name === '' || value === '' || !isToken(name)) return false;
  return isQuoted ? !hasControlCharacter(inner) : isToken(value);
}

function hexValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 70) return code - 55;
  if (code >= 97 && code <= 102) return code - 87;
  return -1;
}

function parseDigits(text: string): number | undefined {
  if (text === '' || text.length > 16) return undefined;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return undefined;
  }
  return Number(text);
}

function hasToken(list: string, token: string): boolean {
  return list.split(',').some((item) => trimBlanks(item) === token);
}

function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

const tokenPunctuation = "!#$%&'*+-.^_`|~";

function isToken(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const alphanumeric = (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
    if (!alphanumeric && !tokenPunctuation.includes(text[i] as string)) return false;
  }
  return true;
}

function hasControlCharacter(text: string): boolean {
  // JSON escapes them (and more): where nothing was, there is none. In a bare engine one call is far less than one for each character.
  if (JSON.stringify(text).length === text.length + 2) return text.includes('\x7f');
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 32 && code !== 9) || code === 127) return true;
  }
  return false;
}

/** The start of what the peer sent, made safe for one line of a log. */
function quoted(text: ByteString): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
