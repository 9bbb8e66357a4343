import type { ByteString } from '../transport.ts';
import { readUint32Be, writeUint32Be } from './integers.ts';
import { foreign, more, type ProtocolAnswer, printable, type ServerCheck } from './protocol-check.ts';

/**
 * SSLRequest: the one question that PostgreSQL answers without knowing who asks, with the single byte S or N. It costs
 * the server a process for a moment and writes no line into its log. A server in recovery answers it too, and refuses
 * the start-up message that follows with 57P03.
 *
 * Rule: PostgreSQL documentation, "Frontend/Backend Protocol", SSL Session Encryption and Message Formats.
 */
export const postgresCheck: ServerCheck = {
  protocol: 'PostgreSQL',
  defaultPort: 5432,
  opening: writeUint32Be(8) + writeUint32Be(80_877_103),
  read(received) {
    const first = received[0];
    // More than the one byte is not PostgreSQL: SSH, too, begins with an S.
    if (received === 'S') return { kind: 'ready', detail: 'answers SSLRequest with S (takes TLS)' };
    if (received === 'N') return { kind: 'ready', detail: 'answers SSLRequest with N (no TLS)' };
    return first === 'E' ? readError(received) : foreign('PostgreSQL', received);
  },
};

/** ErrorResponse: fields of one letter and a text each. A server that cannot even start a process for us sends it. */
function readError(received: ByteString): ProtocolAnswer {
  if (received.length < 5) return more;
  const end = 1 + readUint32Be(received, 1);
  if (end < 6 || end > maxErrorBytes) return foreign('PostgreSQL', received);
  if (received.length < end) return more;
  const message = received
    .slice(5, end)
    .split('\0')
    .find((field) => field.startsWith('M'));
  return { kind: 'not-yet', detail: `says ${printable(message?.slice(1) ?? '')}` };
}

const maxErrorBytes = 30_000;
