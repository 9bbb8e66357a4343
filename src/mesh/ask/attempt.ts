import { createReplyReader, type HttpReply, HttpReplyError } from './http1.ts';
import { addressText, type Link, type Links } from './links.ts';
import type { ProtocolCheck } from './protocol-checks/protocol-check.ts';
import type { Observation, Question } from './question.ts';
import type { KnownReply, ReplyMemory } from './reply-memory.ts';
import { createServerInfoReader, parseServerInfo, type ServerInfo } from './server-info.ts';
import type { ByteString, ConnectionEvents, TransportError } from './transport.ts';

/** One try at a question, over a kept connection or a new one to each of its addresses in turn. */
export interface Attempt {
  /** Whether the request has been handed to a connection that stood. */
  readonly sent: boolean;
  /** Asks. One of the two begins it. */
  start(): void;
  /** Goes on where the question has been sent on a kept connection already, and these bytes (if any) have come. */
  takeOver(link: Link, bytes: ByteString): void;
  /** Ends it without a word. */
  abandon(): void;
}

/** Calls `done` exactly once; not at all when abandoned. */
export function createAttempt(
  question: Question,
  links: Links,
  memory: ReplyMemory,
  done: (observation: Observation) => void,
): Attempt {
  const { addresses } = question.endpoint;
  let link: Link | undefined;
  let sent = false;

  const tryAddress = (index: number): void => {
    const address = addresses[index];
    if (!address) return;
    const tryNext = (error: TransportError): void => {
      if (index + 1 < addresses.length) tryAddress(index + 1);
      else done(failure(error.kind, `connect ${error.code} ${addressText(address)}`));
    };
    const { check } = question;
    link = links.open(address, check ? protocolExchange(check, tryNext) : exchange(tryNext));
  };

  const failure = (kind: TransportError['kind'] | 'protocol', detail: string): Observation => ({
    kind: 'failed',
    failure: kind,
    detail,
    sent,
  });

  /** The life of one protocol check; `unsent` as below. It has the connection for itself, for a server remembers what was said. */
  const protocolExchange = (check: ProtocolCheck, unsent: (error: TransportError) => void): ConnectionEvents => {
    let received: ByteString = '';
    return {
      onConnect() {
        sent = true;
        if (check.opening !== '') link?.send(check.opening);
      },
      onData(bytes) {
        received += bytes;
        const answer = check.read(received);
        if (answer.kind === 'more' && received.length < maxGreetingBytes) return;
        link?.close();
        if (answer.kind === 'more')
          done(failure('protocol', `not ${check.protocol}: ${received.length} bytes say nothing`));
        else if (answer.kind === 'foreign') done(failure('protocol', answer.detail));
        else done({ kind: 'spoken', ready: answer.kind === 'ready', detail: answer.detail });
      },
      onEnd(error) {
        if (!sent) unsent(error);
        else
          done(failure(error.kind, `${error.code} before ${received === '' ? 'an answer' : 'the end of the answer'}`));
      },
    };
  };

  /** The life of one request on one connection; `unsent` is called when the connection fails before it. */
  const exchange = (unsent: (error: TransportError) => void): ConnectionEvents => {
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
        if (reply.reusable) link?.release();
        else link?.close();
        done(reply.observation);
      } catch (error) {
        if (!(error instanceof HttpReplyError)) throw error;
        link?.close();
        done(failure('protocol', error.message));
      }
    };
    return {
      onConnect() {
        if (question.kind === 'connect') {
          link?.close();
          done({ kind: 'connected' });
          return;
        }
        sent = true;
        link?.send(requestHead(question));
      },
      onData(bytes) {
        const first = silent;
        silent = false;
        conclude(() => (first ? readFirst(bytes) : answer().feed(bytes)));
      },
      onEnd(error) {
        if (!sent) unsent(error);
        else if (error.kind === 'closed' && !silent) conclude(() => answer().end());
        else done(failure(error.kind, `${error.code} before an answer`));
      },
    };
  };

  /** The server may close a kept connection at the very moment of its reuse: then the request goes out anew. */
  const onKeptConnection = (): ConnectionEvents => {
    const events = exchange(() => {});
    let silent = true;
    return {
      ...events,
      onData(bytes) {
        silent = false;
        events.onData(bytes);
      },
      onEnd(error) {
        if (!silent) {
          events.onEnd(error);
          return;
        }
        sent = false;
        tryAddress(0);
      },
    };
  };

  const use = (kept: Link): ConnectionEvents => {
    const events = onKeptConnection();
    link = kept;
    link.use(events);
    return events;
  };

  return {
    get sent() {
      return sent;
    },
    start() {
      // A POST takes a connection of its own: on a kept one nobody could tell whether it was read before the end.
      const mayShare = question.kind !== 'connect' && !question.check && question.method !== 'POST';
      const kept = mayShare ? links.reuse(addresses) : undefined;
      if (kept) use(kept).onConnect();
      else tryAddress(0);
    },
    takeOver(kept, bytes) {
      const events = use(kept);
      sent = true;
      if (bytes !== '') events.onData(bytes);
    },
    abandon: () => link?.close(),
  };
}

export function requestHead({ endpoint, method = 'GET' }: Question): ByteString {
  // Envoy's admin and Go's servers want a length even for an empty POST.
  const length = method === 'POST' ? 'Content-Length: 0\r\n' : '';
  return `${method} ${endpoint.path} HTTP/1.1\r\nHost: ${endpoint.authority}\r\nUser-Agent: mesh-shim\r\nAccept: */*\r\n${length}\r\n`;
}

interface AnswerReader {
  feed(bytes: ByteString): KnownReply | undefined;
  end(): KnownReply;
}

/** More than any honest answer has; of a status-only question, more than anybody reads of its body. */
const maxTextBytes = 256 * 1024;
const maxStatusBytes = 16 * 1024;
const maxGreetingBytes = 64 * 1024;

function createAnswerReader(question: Question): AnswerReader {
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
