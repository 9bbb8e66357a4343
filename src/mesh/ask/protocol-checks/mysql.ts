import { readUint16Le, readUint24Le } from './integers.ts';
import { foreign, more, printable, type ServerCheck } from './protocol-check.ts';

/**
 * MySQL and MariaDB speak first: a greeting of protocol version 10 with their version, or an error such as 1040 (too many
 * connections). Closing after the greeting counts as one interrupted handshake of this host; the server refuses a host
 * only after 100 in a row (`max_connect_errors`), and the app's own login sets the count back.
 *
 * Rule: MySQL Internals, "Protocol::HandshakeV10" and "ERR_Packet".
 */
export const mysqlCheck: ServerCheck = {
  protocol: 'MySQL',
  defaultPort: 3306,
  opening: '',
  read(received) {
    if (received.length < 5) return more;
    const end = 4 + readUint24Le(received, 0);
    const marker = received.charCodeAt(4);
    if (end > maxGreetingBytes || (marker !== 0x0a && marker !== 0xff)) return foreign('MySQL', received);
    if (received.length < end) return more;
    const payload = received.slice(5, end);
    if (marker === 0xff) {
      const text = payload[2] === '#' ? payload.slice(8) : payload.slice(2);
      return { kind: 'not-yet', detail: `says error ${readUint16Le(payload, 0)}, ${printable(text)}` };
    }
    const versionEnd = payload.indexOf('\0');
    if (versionEnd < 1) return foreign('MySQL', received);
    return { kind: 'ready', detail: `greets as ${printable(payload.slice(0, versionEnd))}` };
  },
};

/** A greeting has about a hundred. */
const maxGreetingBytes = 4_096;
