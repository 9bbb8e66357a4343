import { foreign, more, printable, type ServerCheck } from './protocol-check.ts';

/**
 * PING: PONG, or an error that names its reason. One that asks for a password comes from a server that is up; LOADING,
 * MASTERDOWN and BUSY say that it does not serve now.
 *
 * Rule: Redis documentation, "Redis serialization protocol specification"; the error prefixes in Redis' server.c.
 */
export const redisCheck: ServerCheck = {
  protocol: 'Redis',
  defaultPort: 6379,
  opening: '*1\r\n$4\r\nPING\r\n',
  read(received) {
    if (received[0] !== '+' && received[0] !== '-') return foreign('Redis', received);
    const end = received.indexOf('\r\n');
    if (end < 0) return more;
    const line = received.slice(0, end);
    if (line === '+PONG') return { kind: 'ready', detail: 'answers PING with PONG' };
    const code = line.slice(1).split(' ', 1)[0] ?? '';
    if (line[0] === '-' && needsLogin.includes(code)) return { kind: 'ready', detail: `answers PING with ${code}` };
    return line[0] === '-'
      ? { kind: 'not-yet', detail: `says ${printable(line.slice(1))}` }
      : foreign('Redis', received);
  },
};

const needsLogin = ['NOAUTH', 'NOPERM', 'WRONGPASS'];
