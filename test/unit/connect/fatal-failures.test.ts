import { describe, expect, it } from 'vitest';
import { fatalFailures, fatalReason } from '../../../src/connect/index.ts';

const error = (message: string, fields: object = {}) => Object.assign(new Error(message), fields);

/** Recorded from the clients against PostgreSQL 15, MariaDB 10.11, Redis 7.0 and RabbitMQ 3.10. */
const recorded: readonly [string, Error, string][] = [
  ['pg, wrong password', error('password authentication failed for user "app"', { code: '28P01' }), 'wrong password'],
  ['pg, no password', error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'), 'no password given'],
  ['pg, unknown database', error('database "nope" does not exist', { code: '3D000' }), 'unknown database'],
  ['pg, TLS', error('The server does not support SSL connections'), 'the server does not take TLS'],
  [
    'mysql2, wrong password',
    error("Access denied for user 'root'@'localhost' (using password: YES)", { code: 'ER_ACCESS_DENIED_ERROR' }),
    'wrong user or password',
  ],
  ['mysql2, unknown database', error("Unknown database 'nope'", { code: 'ER_BAD_DB_ERROR' }), 'unknown database'],
  [
    'mysql2, TLS',
    error('Server does not support secure connection', { code: 'HANDSHAKE_NO_SSL_SUPPORT' }),
    'the server does not take TLS',
  ],
  [
    'ioredis, wrong password',
    error('WRONGPASS invalid username-password pair or user is disabled.', { name: 'ReplyError' }),
    'wrong password or none',
  ],
  [
    'ioredis, no password',
    error('NOAUTH HELLO must be called with the client already authenticated', { name: 'ReplyError' }),
    'wrong password or none',
  ],
  [
    'ioredis, unknown database',
    error('ERR DB index is out of range', { name: 'ReplyError' }),
    'unknown database number',
  ],
  [
    'redis, wrong password',
    error('WRONGPASS invalid username-password pair or user is disabled.'),
    'wrong password or none',
  ],
  ['redis, unknown database', error('ERR DB index is out of range'), 'unknown database number'],
  [
    'amqplib, wrong password',
    error(
      'Handshake terminated by server: 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile."',
    ),
    'wrong user or password',
  ],
  [
    'amqplib, unknown virtual host',
    error('Expected ConnectionOpenOk; got <ConnectionClose channel:0>'),
    'the virtual host is unknown, forbidden or full',
  ],
];

describe('what repetition cannot cure', () => {
  it.each(recorded)('%s', (_, failure, reason) => {
    expect(fatalReason(failure)).toBe(reason);
    expect(fatalReason(error('wrapped', { cause: error('twice', { cause: failure }) }))).toBe(reason);
  });

  it.each(fatalFailures.flatMap((row) => row.values.map((value) => [row.client, value, row] as const)))(
    '%s: %s',
    (_, value, { field, reason }) => {
      const message = field === 'message' ? `before ${value} after` : 'x';
      expect(fatalReason(error(message, { [field]: field === 'message' ? message : value }))).toBe(reason);
    },
  );

  it('is said of several addresses only when it holds for all', () => {
    const untrusted = error('x', { code: 'CERT_UNTRUSTED' });
    const refused = error('x', { code: 'ECONNREFUSED' });
    expect(fatalReason(new AggregateError([untrusted, untrusted]))).toBe('the certificate is not trusted');
    expect(fatalReason(new AggregateError([untrusted, refused]))).toBeUndefined();
    expect(fatalReason(new AggregateError([]))).toBeUndefined();
  });
});

describe('what may pass', () => {
  it.each([
    ['refused', { code: 'ECONNREFUSED' }],
    ['reset, as a sidecar does', { code: 'ECONNRESET' }],
    ['unknown name', { code: 'ENOTFOUND' }],
    ['PostgreSQL is starting up', { code: '57P03' }],
    ['PostgreSQL has too many clients', { code: '53300' }],
    ['PostgreSQL is shutting down', { code: '57P01' }],
    ['MySQL has too many connections', { code: 'ER_CON_COUNT_ERROR' }],
    ['mysql2 lost the connection', { code: 'PROTOCOL_CONNECTION_LOST' }],
    ['Redis is loading', { name: 'ReplyError', message: 'LOADING Redis is loading the dataset in memory' }],
    ['MongoDB has no primary', { name: 'MongoServerSelectionError' }],
    ['Kafka has no leader yet', { type: 'LEADER_NOT_AVAILABLE' }],
    ['TLS cut off', { code: 'ECONNRESET', message: 'Client network socket disconnected before secure TLS connection' }],
  ])('%s', (_, fields) => {
    expect(fatalReason(error('x', fields))).toBeUndefined();
  });

  it.each([undefined, null, 'WRONGPASS', 28, {}])('%j is nothing known', (value) => {
    expect(fatalReason(value)).toBeUndefined();
  });

  it('is not looked for deeper than six errors', () => {
    const wrapped = (depth: number): Error =>
      depth === 1 ? error('x', { code: '28P01' }) : error('wrapped', { cause: wrapped(depth - 1) });
    expect(fatalReason(wrapped(6))).toBe('wrong password');
    expect(fatalReason(wrapped(7))).toBeUndefined();
    const grouped = (depth: number) => new AggregateError([wrapped(depth)]);
    expect(fatalReason(grouped(5))).toBe('wrong password');
    expect(fatalReason(grouped(6))).toBeUndefined();
  });

  it('circles end', () => {
    const circle = error('x');
    circle.cause = circle;
    expect(fatalReason(circle)).toBeUndefined();
  });
});
