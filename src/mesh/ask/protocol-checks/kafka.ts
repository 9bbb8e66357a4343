import { readUint16Be, readUint32Be } from './integers.ts';
import { foreign, more, type ServerCheck } from './protocol-check.ts';

const correlationId = 0x6d657368;

/**
 * ApiVersions, version 0: what every client asks first, before it logs in.
 *
 * Rule: Apache Kafka protocol guide, "Request Header v1" and "ApiVersions Response (Version: 0)"; error 35 is
 * UNSUPPORTED_VERSION, which brokers answer in this same form.
 */
export const kafkaCheck: ServerCheck = {
  protocol: 'Kafka',
  defaultPort: 9092,
  // Length 19; key 18, version 0, the correlation id, the client's id of 9 bytes.
  opening: '\x00\x00\x00\x13\x00\x12\x00\x00mesh\x00\x09mesh-shim',
  read(received) {
    if (received.length < 10) return '\0'.startsWith(received.slice(0, 1)) ? more : foreign('Kafka', received);
    const length = readUint32Be(received, 0);
    if (length < 6 || length > maxReplyBytes || readUint32Be(received, 4) !== correlationId) {
      return foreign('Kafka', received);
    }
    const error = readUint16Be(received, 8);
    if (error === 0 || error === 35) return { kind: 'ready', detail: 'answers ApiVersions' };
    return { kind: 'not-yet', detail: `answers ApiVersions with error ${error}` };
  },
};

/** About 500 bytes in practice. */
const maxReplyBytes = 65_536;
