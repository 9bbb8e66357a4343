import type { AttemptState } from './attempt-state.ts';
import type { Endpoint } from './endpoint.ts';
import { createHttpExchange } from './http-exchange.ts';
import { addressText, type Link, type Links } from './links.ts';
import { createProtocolExchange } from './protocol-exchange.ts';
import type { Observation, Question } from './question.ts';
import type { ReplyMemory } from './reply-memory.ts';
import type { Address, ByteString, ConnectionEvents, TransportError } from './transport.ts';
import { emptyFile } from './transport-failure.ts';

/** One try at a question, over a kept connection or a new one to each of its addresses in turn. */
export interface QuestionAttempt {
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
export function createQuestionAttempt(
  question: Question,
  links: Links,
  memory: ReplyMemory,
  done: (observation: Observation) => void,
): QuestionAttempt {
  const { addresses } = question.endpoint;
  const state: AttemptState = {
    link: undefined,
    sent: false,
    done,
    fail: (failure, detail) => done({ kind: 'failed', failure, detail, sent: state.sent }),
  };

  let failures: TransportError[] = [];

  const tryAddress = (index: number): void => {
    if (index === 0) failures = [];
    const address = addresses[index];
    if (!address) return;
    const tryNext = (error: TransportError): void => {
      failures.push(error);
      if (index + 1 < addresses.length) tryAddress(index + 1);
      else state.fail(error.kind, describeFailures(failures, question.endpoint));
    };
    const { check } = question;
    const exchange = check
      ? createProtocolExchange(check, state, tryNext)
      : createHttpExchange(question, memory, state, tryNext);
    state.link = links.open(address, exchange);
  };

  /** The server may close a kept connection at the very moment of its reuse: then the request goes out anew. */
  const onKeptConnection = (): ConnectionEvents => {
    const events = createHttpExchange(question, memory, state, () => {});
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
        state.sent = false;
        tryAddress(0);
      },
    };
  };

  const use = (kept: Link): ConnectionEvents => {
    const events = onKeptConnection();
    state.link = kept;
    kept.use(events);
    return events;
  };

  return {
    get sent() {
      return state.sent;
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
      state.sent = true;
      if (bytes !== '') events.onData(bytes);
    },
    abandon: () => state.link?.close(),
  };
}

const fileFaults: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read (EACCES)',
  EISDIR: 'is a directory',
  [emptyFile.code]: 'is empty',
};

/** Why no address could be connected to: `connect ECONNREFUSED localhost:15000` stands for both of its addresses. */
function describeFailures(failures: readonly TransportError[], { addresses, authority }: Endpoint): string {
  const [first] = failures as [TransportError];
  const how = first.kind === 'dns' ? 'look-up' : 'connect';
  const address = addresses[0] as Address;
  if (address.kind === 'file') return fileFaults[first.code] ?? `cannot be read (${first.code})`;
  if (failures.length === 1) return `${how} ${first.code} ${addressText(address)}`;
  if (failures.every(({ code }) => code === first.code))
    return `${how} ${first.code} ${withPortOf(authority, address)}`;
  return failures.map(({ code }, index) => `${how} ${code} ${addressText(addresses[index] as Address)}`).join(', ');
}

function withPortOf(authority: string, address: Address): string {
  return address.kind === 'tcp' && !authority.endsWith(`:${address.port}`) ? `${authority}:${address.port}` : authority;
}
