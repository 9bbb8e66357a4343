import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amqpCheck } from '../../../../../src/mesh/ask/protocol-checks/amqp.ts';
import { protocolChecksByScheme } from '../../../../../src/mesh/ask/protocol-checks/by-scheme.ts';
import { createGrpcHealthCheck } from '../../../../../src/mesh/ask/protocol-checks/grpc-health.ts';
import { kafkaCheck } from '../../../../../src/mesh/ask/protocol-checks/kafka.ts';
import { mongodbCheck } from '../../../../../src/mesh/ask/protocol-checks/mongodb.ts';
import { mysqlCheck } from '../../../../../src/mesh/ask/protocol-checks/mysql.ts';
import { postgresCheck } from '../../../../../src/mesh/ask/protocol-checks/postgres.ts';
import { redisCheck } from '../../../../../src/mesh/ask/protocol-checks/redis.ts';
import {
  amqpStart,
  grpcAnswer,
  grpcGoAway,
  grpcRefusal,
  grpcReset,
  kafkaApiVersions,
  mongodbHello,
  mysqlError,
  mysqlGreeting,
  postgresError,
} from '../../../../helpers/protocol-answers.ts';

const grpcCheck = createGrpcHealthCheck('localhost:9000', 'orders');
const checks = [...new Set(protocolChecksByScheme.values()), grpcCheck];
const kafkaRequest = kafkaCheck.opening;
const mongodbRequest = mongodbCheck.opening;

const ready = [
  [postgresCheck, 'S', 'answers SSLRequest with S (takes TLS)'],
  [postgresCheck, 'N', 'answers SSLRequest with N (no TLS)'],
  [mysqlCheck, mysqlGreeting('8.4.2'), 'greets as "8.4.2"'],
  [redisCheck, '+PONG\r\n', 'answers PING with PONG'],
  [redisCheck, '-NOAUTH Authentication required.\r\n', 'answers PING with NOAUTH'],
  [amqpCheck, amqpStart, 'answers with Connection.Start'],
  [amqpCheck, 'AMQP\x00\x01\x00\x00', 'answers as an AMQP broker of version 1-0-0 (not 0-9-1)'],
  [kafkaCheck, kafkaApiVersions(kafkaRequest), 'answers ApiVersions'],
  [kafkaCheck, kafkaApiVersions(kafkaRequest, 35), 'answers ApiVersions'],
  [mongodbCheck, mongodbHello(mongodbRequest), 'answers hello'],
  [grpcCheck, grpcAnswer('\x08\x01'), 'says SERVING'],
  [grpcCheck, grpcAnswer('\x08\x01', { padding: 3 }), 'says SERVING'],
] as const;

const notYet = [
  [postgresCheck, postgresError('the database system is starting up'), 'says "the database system is starting up"'],
  [mysqlCheck, mysqlError(1040, 'Too many connections'), 'says error 1040, "Too many connections"'],
  [mysqlCheck, mysqlError(1040, '#08004Too many connections'), 'says error 1040, "Too many connections"'],
  [
    redisCheck,
    '-LOADING Redis is loading the dataset in memory\r\n',
    'says "LOADING Redis is loading the dataset in memory"',
  ],
  [kafkaCheck, kafkaApiVersions(kafkaRequest, 15), 'answers ApiVersions with error 15'],
  [grpcCheck, grpcAnswer('\x08\x02'), 'says NOT_SERVING'],
  [grpcCheck, grpcAnswer(''), 'says UNKNOWN'],
  [grpcCheck, grpcAnswer('\x08\x09'), 'says another status'],
  [grpcCheck, grpcAnswer('\x12\x01x'), 'says another message'],
  [grpcCheck, grpcRefusal, 'refuses the call: has it the health service, and this name in it?'],
  [grpcCheck, grpcReset, 'refuses the call (RST_STREAM)'],
  [grpcCheck, grpcGoAway, 'ends the connection (GOAWAY)'],
] as const;

describe('an answer is understood, however it is cut', () => {
  it.each([...ready.map((row) => ['ready', ...row] as const), ...notYet.map((row) => ['not-yet', ...row] as const)])(
    '%s: $1.protocol %j',
    (kind, check, answer, detail) => {
      for (let end = 1; end < answer.length; end++) {
        const { kind } = check.read(answer.slice(0, end));
        // A reply is certain as soon as enough of it has come, but never before, and never another server's.
        expect(['more', 'ready', 'not-yet'], `${end} bytes`).toContain(kind);
      }
      expect(check.read(answer)).toEqual({ kind, detail });
    },
  );
});

describe('what another server answers', () => {
  const others = [
    'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n',
    'SSH-2.0-OpenSSH_9.2\r\n',
    '220 mail.example.com ESMTP\r\n',
    '\x15\x03\x01\x00\x02\x02\x50 and more of it, for the readers that wait',
    ...ready.map(([, answer]) => answer),
  ];
  it.each(checks)('is not $protocol', (check) => {
    const own = ready.filter(([other]) => other === check).map(([, answer]) => answer as string);
    for (const answer of others.filter((text) => !own.includes(text))) {
      expect(['foreign', 'more'], JSON.stringify(answer)).toContain(check.read(answer).kind);
    }
    expect(check.read(others[0] as string)).toEqual({
      kind: 'foreign',
      detail: `not ${check.protocol}: the answer begins with "HTTP/1.1 400 Bad Request"`,
    });
  });

  it('never makes a check throw, nor ready', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 80 }).map((array) => String.fromCharCode(...array));
    fc.assert(
      fc.property(bytes, (received) => {
        for (const check of checks) {
          const answer = check.read(received);
          if (answer.kind === 'foreign')
            for (const char of answer.detail) expect(char >= ' ' && char <= '~').toBe(true);
        }
      }),
    );
  });
});

it('what is said first has the length that it states', () => {
  expect(createGrpcHealthCheck('x'.repeat(300), '').opening).toContain(`\x01\x7f\xad\x01${'x'.repeat(300)}`);
  expect(createGrpcHealthCheck('a', 's'.repeat(200)).opening).toContain(`\0\0\0\xcb\x0a\xc8\x01${'s'.repeat(200)}`);
  expect(postgresCheck.opening).toHaveLength(8);
  expect(kafkaCheck.opening).toHaveLength(4 + 19);
  expect(mongodbCheck.opening).toHaveLength(52);
  expect(mongodbCheck.opening.slice(21)).toHaveLength(31);
});
