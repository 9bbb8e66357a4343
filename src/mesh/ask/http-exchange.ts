import { type AnswerReader, createAnswerReader } from './answer-reader.ts';
import type { AttemptState } from './attempt-state.ts';
import { HttpReplyError, ReplyTooLargeError } from './http1.ts';
import type { Question } from './question.ts';
import type { KnownReply, ReplyMemory } from './reply-memory.ts';
import type { ByteString, ConnectionEvents, TransportError } from './transport.ts';

/** The life of one request on one connection; `unsent` is called when the connection fails before it. */
export function createHttpExchange(
  question: Question,
  memory: ReplyMemory,
  attempt: AttemptState,
  unsent: (error: TransportError) => void,
): ConnectionEvents {
  let reader: AnswerReader | undefined;
  const answer = (): AnswerReader => {
    reader ??= createAnswerReader(question);
    return reader;
  };
  let silent = true;
  const readFirst = (bytes: ByteString): KnownReply | undefined => {
    const known = memory.recall(question, bytes);
    if (known) return known;
    const reply = answer().feed(bytes);
    if (reply) memory.keep(question, bytes, reply);
    return reply;
  };
  const conclude = (read: () => KnownReply | undefined): void => {
    try {
      const reply = read();
      if (!reply) return;
      if (reply.reusable) attempt.link?.release();
      else attempt.link?.close();
      attempt.done(reply.observation);
    } catch (error) {
      if (!(error instanceof HttpReplyError)) throw error;
      attempt.link?.close();
      attempt.fail(error instanceof ReplyTooLargeError ? 'too-large' : 'protocol', error.message);
    }
  };
  return {
    onConnect() {
      if (question.kind === 'connect') {
        attempt.link?.close();
        attempt.done({ kind: 'connected' });
        return;
      }
      attempt.sent = true;
      attempt.link?.send(requestHead(question));
    },
    onData(bytes) {
      const first = silent;
      silent = false;
      conclude(() => (first ? readFirst(bytes) : answer().feed(bytes)));
    },
    onEnd(error) {
      if (!attempt.sent) unsent(error);
      else if (error.kind === 'closed' && !silent) conclude(() => answer().end());
      else attempt.fail(error.kind, `${error.code} before an answer`);
    },
  };
}

export function requestHead({ endpoint, method = 'GET', header }: Question): ByteString {
  // Envoy's admin and Go's servers want a length even for an empty POST.
  const length = method === 'POST' ? 'Content-Length: 0\r\n' : '';
  const more = header === undefined ? '' : `${header}\r\n`;
  return `${method} ${endpoint.path} HTTP/1.1\r\nHost: ${endpoint.authority}\r\nUser-Agent: mesh-shim\r\nAccept: */*\r\n${length}${more}\r\n`;
}
