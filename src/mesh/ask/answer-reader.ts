import { createReplyReader, type HttpReply } from './http1.ts';
import { lenientStatus } from './lenient-status.ts';
import type { Observation, Question } from './question.ts';
import type { KnownReply } from './reply-memory.ts';
import { createServerInfoReader, parseServerInfo, type ServerInfo } from './server-info.ts';
import type { ByteString } from './transport.ts';

/** Reads the reply to a question as far as that asks; throws HttpReplyError. */
export interface AnswerReader {
  /** Takes the next bytes; answers once they are enough. */
  feed(bytes: ByteString): KnownReply | undefined;
  /** The peer has closed. */
  end(): KnownReply;
}

/** More than any honest answer has; of a status-only question, more than anybody reads of its body. */
const maxTextBytes = 256 * 1024;
/** With Istio it has up to 126 KB. */
const maxInfoBytes = 1024 * 1024;
const maxStatusBytes = 16 * 1024;

export function createAnswerReader(question: Question): AnswerReader {
  const strict = createStrictReader(question);
  return question.lenient ? createLenientReader(strict) : strict;
}

function createStrictReader(question: Question): AnswerReader {
  const info = question.kind === 'server-info' ? createServerInfoReader() : undefined;
  let unread = maxStatusBytes;
  const countBody = (piece: ByteString): boolean => {
    unread -= piece.length;
    return unread < 0;
  };
  const reader = info
    ? createReplyReader({ maxBodyBytes: maxInfoBytes, onBody: (piece) => info.push(piece) })
    : question.kind === 'status'
      ? // The body is of no interest, but read to its end the connection can be used again.
        createReplyReader({ onBody: countBody })
      : createReplyReader({ maxBodyBytes: maxTextBytes });
  const know = (reply: HttpReply): KnownReply => ({
    observation: observe(question, reply, info?.seen()),
    reusable: reply.reusable,
  });
  return {
    feed(bytes) {
      const reply = reader.feed(bytes);
      return reply ? know(reply) : undefined;
    },
    end: () => know(reader.end()),
  };
}

/**
 * Reads as strictly as the one it is given, and where that fails goes by the status alone. The connection is closed then: what it would
 * carry next could be anything.
 */
function createLenientReader(strict: AnswerReader): AnswerReader {
  let start = '';
  const orByStatus = (read: () => KnownReply | undefined, isWhole: boolean): KnownReply | undefined => {
    let fault: unknown;
    try {
      const reply = read();
      if (reply) return reply;
    } catch (error) {
      fault = error;
    }
    const status = lenientStatus(start, isWhole || fault !== undefined);
    if (status !== undefined) return { observation: { kind: 'reply', status, body: '' }, reusable: false };
    if (fault !== undefined) throw fault;
    return undefined;
  };
  return {
    feed(bytes) {
      if (start.length < maxStatusBytes) start += bytes;
      return orByStatus(() => strict.feed(bytes), false);
    },
    end: () => orByStatus(() => strict.end(), true) as KnownReply,
  };
}

function observe(question: Question, { status, body }: HttpReply, seen: ServerInfo | undefined): Observation {
  const serverInfo = question.kind === 'server-info' ? (seen ?? parseServerInfo(body)) : undefined;
  return { kind: 'reply', status, body, ...(serverInfo ? { serverInfo } : {}) };
}
