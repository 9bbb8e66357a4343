import type { AttemptState } from './attempt-state.ts';
import type { ProtocolCheck } from './protocol-checks/protocol-check.ts';
import type { ByteString, ConnectionEvents, TransportError } from './transport.ts';

/** More than any greeting has. */
const maxGreetingBytes = 64 * 1024;

/**
 * The life of one protocol check; `unsent` is called when the connection fails before it. It has the connection for
 * itself, for a server remembers what was said.
 */
export function createProtocolExchange(
  check: ProtocolCheck,
  attempt: AttemptState,
  unsent: (error: TransportError) => void,
): ConnectionEvents {
  let received: ByteString = '';
  return {
    onConnect() {
      attempt.sent = true;
      if (check.opening !== '') attempt.link?.send(check.opening);
    },
    onData(bytes) {
      received += bytes;
      const answer = check.read(received);
      if (answer.kind === 'more' && received.length < maxGreetingBytes) return;
      attempt.link?.close();
      if (answer.kind === 'more') {
        attempt.fail('protocol', `not ${check.protocol}: ${received.length} bytes say nothing`);
      } else if (answer.kind === 'foreign') attempt.fail('protocol', answer.detail);
      else attempt.done({ kind: 'spoken', ready: answer.kind === 'ready', detail: answer.detail });
    },
    onEnd(error) {
      if (!attempt.sent) unsent(error);
      else attempt.fail(error.kind, `${error.code} before ${received === '' ? 'an answer' : 'the end of the answer'}`);
    },
  };
}
