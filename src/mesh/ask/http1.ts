import {
  type Head,
  HttpReplyError,
  parseChunkSize,
  parseHead,
  parseHeaderLine,
  ReplyTooLargeError,
  rejectEarly,
} from './http1-syntax.ts';
import type { ByteString } from './transport.ts';

export { HttpReplyError, ReplyTooLargeError };

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
    if (body.length + piece.length > maxBodyBytes)
      throw new ReplyTooLargeError(`body larger than ${maxBodyBytes} bytes`);
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
      throw new ReplyTooLargeError(`head larger than ${maxHeadBytes} bytes`);
    if (end < 0) {
      rejectEarly(rest);
      return false;
    }
    head = parseHead(rest.slice(0, end));
    rest = rest.slice(end + 4);
    if (head.status >= 100 && head.status < 200) {
      if (head.status === 101) throw new HttpReplyError('unexpected switch to another protocol (101)');
      if (!head.keepAlive) throw new HttpReplyError('interim reply that ends the connection: none can follow');
      return true; // interim: the real reply follows
    }
    if (options.headRequest || head.status === 204 || head.status === 304) state = phase.done;
    else if (head.framing === 'chunked') state = phase.chunkSize;
    else if (head.framing === 'close') state = phase.untilClose;
    else {
      remaining = head.framing;
      if (remaining > maxBodyBytes && !options.onBody) {
        throw new ReplyTooLargeError(`body of ${remaining} bytes, larger than ${maxBodyBytes}`);
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
          throw new ReplyTooLargeError(`body larger than ${maxBodyBytes} bytes`);
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
