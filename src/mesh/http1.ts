import type { ByteString } from './transport.ts';

/** A complete reply, or as much of it as was wanted. */
export interface HttpReply {
  readonly status: number;
  /** Names in lower case; the values of a repeated header are joined by `, `. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: ByteString;
  /** The body was cut short because its reader had seen enough: the connection cannot be used again. */
  readonly cutShort: boolean;
  /** The reply ended where its length said, and nobody asked to close: the connection can carry the next request. */
  readonly reusable: boolean;
}

/** The peer does not speak HTTP/1.x as RFC 9112 has it, or its reply is larger than it may be. */
export class HttpReplyError extends Error {
  override readonly name = 'HttpReplyError';
}

export interface ReplyReaderOptions {
  /** The head of a reply in bytes: 64 KiB by default, many times what any sidecar sends. */
  readonly maxHeadBytes?: number;
  /** The body in bytes: 4 MiB by default. */
  readonly maxBodyBytes?: number;
  /** Replies to HEAD have no body whatever their headers say. */
  readonly headRequest?: boolean;
  /** Sees each piece of the body as it arrives; answering `true` ends the reading there. */
  readonly onBody?: (piece: ByteString) => boolean;
}

export interface ReplyReader {
  /** Takes the next bytes; answers with the reply once it is whole. Throws HttpReplyError. */
  feed(bytes: ByteString): HttpReply | undefined;
  /** The peer has closed: ends a reply that has no length, and throws HttpReplyError for one that is not whole. */
  end(): HttpReply;
}

const defaultMaxHeadBytes = 64 * 1024;
const defaultMaxBodyBytes = 4 * 1024 * 1024;
/** A chunk-size line: hexadecimal digits, perhaps an extension. Longer ones serve no honest purpose. */
const maxChunkLineBytes = 1024;

const phase = {
  head: 0,
  fixedBody: 1,
  untilClose: 2,
  chunkSize: 3,
  chunkData: 4,
  chunkEnd: 5,
  trailer: 6,
  done: 7,
} as const;

/** Reads one HTTP/1.0 or 1.1 reply from bytes that arrive in any pieces. Interim replies (1xx) are skipped. */
export function createReplyReader(options: ReplyReaderOptions = {}): ReplyReader {
  const maxHeadBytes = options.maxHeadBytes ?? defaultMaxHeadBytes;
  const maxBodyBytes = options.maxBodyBytes ?? defaultMaxBodyBytes;
  let state: number = phase.head;
  let rest = '';
  let head: Head | undefined;
  let body = '';
  let remaining = 0;
  let trailerBytes = 0;
  let reply: HttpReply | undefined;

  const finish = (reusable: boolean, cutShort: boolean): HttpReply => {
    const { status, headers } = head as Head;
    state = phase.done;
    reply = { status, headers, body, cutShort, reusable: reusable && (head as Head).keepAlive };
    return reply;
  };

  /** Answers whether the reader of the body has seen enough. */
  const takeBody = (piece: ByteString): boolean => {
    if (body.length + piece.length > maxBodyBytes) throw new HttpReplyError(`body larger than ${maxBodyBytes} bytes`);
    body += piece;
    return options.onBody?.(piece) ?? false;
  };

  /** Takes one line off `rest`; undefined when it is not there yet. */
  const takeLine = (limit: number, what: string): string | undefined => {
    const end = rest.indexOf('\n');
    if ((end < 0 ? rest.length : end) > limit) throw new HttpReplyError(`${what} longer than ${limit} bytes`);
    if (end < 0) return undefined;
    if (end === 0 || rest[end - 1] !== '\r') throw new HttpReplyError(`${what} does not end with CR LF`);
    const line = rest.slice(0, end - 1);
    rest = rest.slice(end + 1);
    return line;
  };

  const readHead = (): boolean => {
    const end = rest.indexOf('\r\n\r\n');
    if ((end < 0 ? rest.length : end) > maxHeadBytes)
      throw new HttpReplyError(`head larger than ${maxHeadBytes} bytes`);
    if (end < 0) {
      rejectEarly(rest);
      return false;
    }
    head = parseHead(rest.slice(0, end));
    rest = rest.slice(end + 4);
    if (head.status >= 100 && head.status < 200) {
      if (head.status === 101) throw new HttpReplyError('unexpected switch to another protocol (101)');
      return true; // interim: the real reply follows
    }
    if (options.headRequest || head.status === 204 || head.status === 304) state = phase.done;
    else if (head.framing === 'chunked') state = phase.chunkSize;
    else if (head.framing === 'close') state = phase.untilClose;
    else {
      remaining = head.framing;
      if (remaining > maxBodyBytes && !options.onBody) {
        throw new HttpReplyError(`body of ${remaining} bytes, larger than ${maxBodyBytes}`);
      }
      state = remaining === 0 ? phase.done : phase.fixedBody;
    }
    return true;
  };

  /** One step of the machine; answers whether another may follow with the bytes at hand. */
  const step = (): boolean => {
    switch (state) {
      case phase.head:
        return readHead();
      case phase.fixedBody:
      case phase.chunkData: {
        if (rest === '') return false;
        const piece = rest.length > remaining ? rest.slice(0, remaining) : rest;
        rest = rest.slice(piece.length);
        remaining -= piece.length;
        if (takeBody(piece)) {
          finish(false, true);
          return false;
        }
        if (remaining > 0) return false;
        state = state === phase.chunkData ? phase.chunkEnd : phase.done;
        return true;
      }
      case phase.untilClose: {
        const piece = rest;
        rest = '';
        if (piece !== '' && takeBody(piece)) finish(false, true);
        return false;
      }
      case phase.chunkSize: {
        const line = takeLine(maxChunkLineBytes, 'chunk size');
        if (line === undefined) return false;
        remaining = parseChunkSize(line);
        if (body.length + remaining > maxBodyBytes && !options.onBody) {
          throw new HttpReplyError(`body larger than ${maxBodyBytes} bytes`);
        }
        state = remaining === 0 ? phase.trailer : phase.chunkData;
        return true;
      }
      case phase.chunkEnd: {
        if (rest.length < 2) {
          if (rest !== '' && rest !== '\r') throw new HttpReplyError('chunk longer than its size says');
          return false;
        }
        if (!rest.startsWith('\r\n')) throw new HttpReplyError('chunk longer than its size says');
        rest = rest.slice(2);
        state = phase.chunkSize;
        return true;
      }
      case phase.trailer: {
        const line = takeLine(maxHeadBytes - trailerBytes, 'trailer');
        if (line === undefined) return false;
        trailerBytes += line.length + 2;
        if (line === '') state = phase.done;
        else parseHeaderLine(line);
        return true;
      }
      default:
        // Bytes behind the end belong to no request of ours: whoever sends them cannot be trusted with another one.
        finish(rest === '', false);
        return false;
    }
  };

  return {
    feed(bytes) {
      if (reply) throw new HttpReplyError('more bytes than the reply has');
      rest = rest === '' ? bytes : rest + bytes;
      while (step());
      return reply;
    },
    end() {
      if (reply) return reply;
      if (state === phase.untilClose) return finish(false, false);
      if (state === phase.head && rest === '' && head === undefined) {
        throw new HttpReplyError('closed without a reply');
      }
      throw new HttpReplyError('closed in the middle of the reply');
    },
  };
}

interface Head {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly keepAlive: boolean;
  /** How the body ends (RFC 9112, section 6.3): a length in bytes, the last chunk, or the end of the connection. */
  readonly framing: number | 'chunked' | 'close';
}

/** Garbage is refused at its first bytes: whoever speaks no HTTP may never send the empty line that ends a head. */
function rejectEarly(start: ByteString): void {
  const expected = 'HTTP/1.';
  const seen = start.slice(0, expected.length);
  if (!expected.startsWith(seen)) throw new HttpReplyError(`not an HTTP/1 reply: it starts with ${quoted(seen)}`);
}

function parseHead(text: ByteString): Head {
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
    const [name, value] = parseHeaderLine(lines[i] as string);
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

function parseHeaderLine(line: ByteString): [name: string, value: string] {
  const colon = line.indexOf(':');
  const name = line.slice(0, colon);
  if (colon <= 0 || !isToken(name)) throw new HttpReplyError(`malformed header line ${quoted(line)}`);
  const value = trimBlanks(line.slice(colon + 1));
  if (hasControlCharacter(value)) throw new HttpReplyError(`control character in header ${name}`);
  return [name.toLowerCase(), value];
}

function parseChunkSize(line: ByteString): number {
  const semicolon = line.indexOf(';');
  const digits = trimBlanks(semicolon < 0 ? line : line.slice(0, semicolon));
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
