/** One way to fail that repetition cannot cure, as one client reports it. */
export interface FatalFailure {
  readonly client: 'pg' | 'mysql2' | 'ioredis, redis' | 'amqplib' | 'kafkajs' | 'mongodb' | 'TLS (Node)';
  readonly reason: string;
  /** The field of the error that tells; a `message` need only contain the value. */
  readonly field: 'code' | 'message' | 'type' | 'name' | 'codeName';
  readonly values: readonly (string | number)[];
  /** Where it is written down. */
  readonly source: string;
}

const postgresCodes = 'PostgreSQL documentation, Appendix A "Error Codes"; pg hands the SQLSTATE on as `code`';
const mysqlCodes = 'MySQL "Server Error Message Reference"; mysql2 names the errors so in `code`';
const redisErrors = 'Redis documentation, "ACL" and AUTH; server replies begin with these words';
const amqpCodes = 'AMQP 0-9-1, reply code 403; amqplib, lib/connection.js: "Handshake terminated by server"';
const kafkaErrors = 'KafkaJS, src/errors.js and src/protocol/error.js; Kafka protocol guide, error codes 33, 34, 58';
const mongodbCodes = 'MongoDB, src/mongo/base/error_codes.yml; the driver hands them on as `codeName`';
const tlsCodes =
  'OpenSSL, "X509_STORE_CTX_get_error" (certificates) and "SSL alerts"; Node documentation, "TLS/SSL", X509 certificate error codes';

/** The one table of fatal failures. What may pass is not in it: a server that is starting, full, shutting down or failing over. */
export const fatalFailures: readonly FatalFailure[] = [
  { client: 'pg', reason: 'wrong password', field: 'code', values: ['28P01'], source: postgresCodes },
  {
    client: 'pg',
    reason: 'user not allowed in (role or pg_hba.conf)',
    field: 'code',
    values: ['28000'],
    source: postgresCodes,
  },
  { client: 'pg', reason: 'unknown database', field: 'code', values: ['3D000'], source: postgresCodes },
  { client: 'pg', reason: 'no right to connect', field: 'code', values: ['42501'], source: postgresCodes },
  {
    client: 'pg',
    reason: 'the server does not take TLS',
    field: 'message',
    values: ['The server does not support SSL connections'],
    source: 'pg, lib/connection.js: the answer N to SSLRequest',
  },
  {
    client: 'pg',
    reason: 'no password given',
    field: 'message',
    values: ['client password must be a string'],
    source: 'pg, lib/client.js: SASL without a password',
  },
  {
    client: 'mysql2',
    reason: 'wrong user or password',
    field: 'code',
    values: ['ER_ACCESS_DENIED_ERROR', 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR'],
    source: mysqlCodes,
  },
  {
    client: 'mysql2',
    reason: 'no right to the database',
    field: 'code',
    values: ['ER_DBACCESS_DENIED_ERROR'],
    source: mysqlCodes,
  },
  { client: 'mysql2', reason: 'unknown database', field: 'code', values: ['ER_BAD_DB_ERROR'], source: mysqlCodes },
  {
    client: 'mysql2',
    reason: 'this host is not allowed in, or blocked after too many failures',
    field: 'code',
    values: ['ER_HOST_NOT_PRIVILEGED', 'ER_HOST_IS_BLOCKED'],
    source: mysqlCodes,
  },
  {
    client: 'mysql2',
    reason: 'account locked or password expired',
    field: 'code',
    values: ['ER_ACCOUNT_HAS_BEEN_LOCKED', 'ER_MUST_CHANGE_PASSWORD_LOGIN'],
    source: mysqlCodes,
  },
  {
    client: 'mysql2',
    reason: 'the server does not take TLS',
    field: 'code',
    values: ['HANDSHAKE_NO_SSL_SUPPORT'],
    source: 'mysql2, lib/commands/client_handshake.js',
  },
  {
    client: 'ioredis, redis',
    reason: 'wrong password or none',
    field: 'message',
    values: ['WRONGPASS', 'NOAUTH', 'ERR invalid password'],
    source: redisErrors,
  },
  {
    client: 'ioredis, redis',
    reason: 'no right to the command',
    field: 'message',
    values: ['NOPERM'],
    source: redisErrors,
  },
  {
    client: 'ioredis, redis',
    reason: 'unknown database number',
    field: 'message',
    values: ['ERR DB index is out of range', 'ERR invalid DB index'],
    source: 'Redis, src/db.c, SELECT',
  },
  {
    client: 'amqplib',
    reason: 'wrong user or password',
    field: 'message',
    values: ['ACCESS-REFUSED', 'ACCESS_REFUSED'],
    source: amqpCodes,
  },
  {
    client: 'amqplib',
    reason: 'the virtual host is unknown, forbidden or full',
    field: 'message',
    // RabbitMQ says 530 NOT_ALLOWED and the reason, of which amqplib tells only this.
    values: ['Expected ConnectionOpenOk; got <ConnectionClose'],
    source: 'recorded from amqplib 2.3 and RabbitMQ 3.10; AMQP 0-9-1, connection.open, reply code 530',
  },
  {
    client: 'kafkajs',
    reason: 'wrong user or password',
    field: 'type',
    values: ['SASL_AUTHENTICATION_FAILED'],
    source: kafkaErrors,
  },
  {
    client: 'kafkajs',
    reason: 'wrong user or password',
    field: 'name',
    values: ['KafkaJSSASLAuthenticationError'],
    source: kafkaErrors,
  },
  {
    client: 'kafkajs',
    reason: 'the broker does not take this way to log in',
    field: 'type',
    values: ['UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE'],
    source: kafkaErrors,
  },
  {
    client: 'mongodb',
    reason: 'wrong user or password',
    field: 'codeName',
    values: ['AuthenticationFailed', 'AtlasError'],
    source: mongodbCodes,
  },
  {
    client: 'mongodb',
    reason: 'no right to the command',
    field: 'codeName',
    values: ['Unauthorized'],
    source: mongodbCodes,
  },
  {
    client: 'mongodb',
    reason: 'the connection string is wrong',
    field: 'name',
    values: ['MongoParseError', 'MongoInvalidArgumentError', 'MongoMissingCredentialsError'],
    source: 'MongoDB Node driver, src/error.ts',
  },
  {
    client: 'TLS (Node)',
    reason: 'the certificate is not trusted',
    field: 'code',
    values: [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'CERT_UNTRUSTED',
      'CERT_REJECTED',
    ],
    source: tlsCodes,
  },
  {
    client: 'TLS (Node)',
    reason: 'the certificate has expired or is revoked',
    field: 'code',
    values: ['CERT_HAS_EXPIRED', 'CERT_REVOKED'],
    source: tlsCodes,
  },
  {
    client: 'TLS (Node)',
    reason: 'the certificate is for another name',
    field: 'code',
    values: ['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH'],
    source: tlsCodes,
  },
  {
    client: 'TLS (Node)',
    reason: 'the server does not speak TLS there',
    field: 'code',
    values: ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'],
    source: tlsCodes,
  },
  {
    client: 'TLS (Node)',
    reason: 'the server does not accept our certificate',
    field: 'code',
    values: [
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
      'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
      'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED',
    ],
    source: tlsCodes,
  },
];
