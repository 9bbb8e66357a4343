import { readUint16Be, readUint32Be } from './integers.ts';
import { foreign, more, type ProtocolAnswer, type ServerCheck } from './protocol-check.ts';

/**
 * The protocol header of AMQP 0-9-1: the broker answers with Connection.Start, or with the header of the version that it
 * speaks, and closes.
 *
 * Rule: AMQP 0-9-1 specification, 4.2.2 "Protocol Header" and 2.3.5 "Frame Details"; class 10, method 10 is Connection.Start.
 */
export const amqpCheck: ServerCheck = {
  protocol: 'AMQP',
  defaultPort: 5672,
  opening: 'AMQP\x00\x00\x09\x01',
  read(received) {
    if (received.startsWith('AMQP')) return readHeader(received);
    if ('AMQP'.startsWith(received)) return more;
    if (received[0] !== '\x01') return foreign('AMQP', received);
    if (received.length < 11) return more;
    const isStart =
      readUint16Be(received, 1) === 0 &&
      readUint32Be(received, 3) >= 4 &&
      readUint16Be(received, 7) === 10 &&
      readUint16Be(received, 9) === 10;
    return isStart ? { kind: 'ready', detail: 'answers with Connection.Start' } : foreign('AMQP', received);
  },
};

function readHeader(received: string): ProtocolAnswer {
  if (received.length < 8) return more;
  const version = [5, 6, 7].map((at) => received.charCodeAt(at)).join('-');
  return { kind: 'ready', detail: `answers as an AMQP broker of version ${version} (not 0-9-1)` };
}
