import { readUint32Le, writeUint32Le } from './integers.ts';
import { foreign, more, type ServerCheck } from './protocol-check.ts';

const requestId = 'mesh';
const opMsg = writeUint32Le(2013);

/**
 * `{ hello: 1, $db: "admin" }` in an OP_MSG: needs no login. Any reply to it counts, since servers before 4.4.2 answer that they do not
 * know the command.
 *
 * Rule: MongoDB manual, "MongoDB Wire Protocol" (OP_MSG, MongoDB 3.6 and later) and the BSON specification 1.1.
 */
export const mongodbCheck: ServerCheck = {
  protocol: 'MongoDB',
  defaultPort: 27_017,
  // Length 52, id, in reply to nothing, OP_MSG; no flags, one body: a document of 31 bytes.
  opening: `\x34\x00\x00\x00${requestId}\x00\x00\x00\x00${opMsg}\x00\x00\x00\x00\x00\x1f\x00\x00\x00\x10hello\x00\x01\x00\x00\x00\x02$db\x00\x06\x00\x00\x00admin\x00\x00`,
  read(received) {
    if (received.length < 16) return more;
    const length = readUint32Le(received, 0);
    const answersUs = received.slice(8, 12) === requestId && received.slice(12, 16) === opMsg;
    if (length < 26 || length > maxReplyBytes || !answersUs) return foreign('MongoDB', received);
    return received.length < length ? more : { kind: 'ready', detail: 'answers hello' };
  },
};

/** A description of the server and its replica set; the exchange ends at 64 KiB anyway. */
const maxReplyBytes = 65_536;
