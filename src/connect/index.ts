export { EndpointError } from '../mesh/ask/endpoint.ts';
export { type AttemptContext, type ConnectAttempt, connectWithRetry } from './connect-with-retry.ts';
export { type AmqplibOptions, connectAmqplib } from './drivers/connect-amqplib.ts';
export { connectIoredis } from './drivers/connect-ioredis.ts';
export { connectKafkajs } from './drivers/connect-kafkajs.ts';
export { connectMongodb } from './drivers/connect-mongodb.ts';
export { connectMysql2 } from './drivers/connect-mysql2.ts';
export { connectPg } from './drivers/connect-pg.ts';
export { connectRedis } from './drivers/connect-redis.ts';
export { type ConnectorRow, connectorTable } from './drivers/connector-table.ts';
export type { DriverOptions } from './drivers/driver-options.ts';
export type { RenewedConnection } from './drivers/renewed-connection.ts';
export {
  type EndpointCheck,
  type EndpointProtocol,
  endpointChecks,
  type TcpCheckOptions,
} from './endpoint-check.ts';
export type { EndpointProof } from './endpoint-proof.ts';
export {
  ConnectAttemptTimeoutError,
  ConnectDeadlineError,
  ConnectError,
  type ConnectErrorCodeRow,
  ConnectFatalError,
  connectErrorCodes,
  EndpointNotReadyError,
  type GivenUpConnection,
} from './errors.ts';
export { type FatalFailure, fatalFailures } from './fatal-failure-table.ts';
export { fatalReason } from './fatal-failures.ts';
export { type ConnectOptionRow, type ConnectOptions, connectOptionTable } from './options.ts';
export type { TlsCheckOptions } from './tls-check.ts';
export { waitForEndpoint } from './wait-for-endpoint.ts';
