import { createReplyReader, type HttpReply } from './http1.ts';
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
const maxStatusBytes = 16 * 1024;

export function createAnswerReader(question: Question): AnswerReader {
  const info = createServerInfoReader();
  let unread = maxStatusBytes;
  const countBody = (piece: ByteString): boolean => {
    unread -= piece.length;
    return unread < 0;
  };
  const reader =
    question.kind === 'server-info'
      ? createReplyReader({ onBody: (piece) => info.push(piece) })
      : question.kind === 'status'
        ? // The body is of no interest, but read to its end the connection can be used again.
          createReplyReader({ onBody: countBody })
        : createReplyReader({ maxBodyBytes: maxTextBytes });
  const know = (reply: HttpReply): KnownReply => ({
    observation: observe(question, reply, info.seen()),
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

function observe(question: Question, { status, body }: HttpReply, seen: ServerInfo | undefined): Observation {
  const serverInfo = question.kind === 'server-info' ? (seen ?? parseServerInfo(body)) : undefined;
  return { kind: 'reply', status, body, ...(serverInfo ? { serverInfo } : {}) };
}
