import '../shared/supported-node.ts';

export type { ErrorCodeRow } from '../shared/error-code-row.ts';
export { type Logger, silentLogger } from '../shared/logger.ts';
export { MeshOptionError, type OptionFault } from '../shared/mesh-option-error.ts';
export type { Accepted, OptionRow } from '../shared/option-table.ts';
export { tcpCheckOptionTable, tlsCheckOptionTable } from './check-option-tables.ts';
export {
  ConnectAttemptTimeoutError,
  ConnectDeadlineError,
  ConnectError,
  ConnectFatalError,
  connectErrorCodes,
  EndpointNotReadyError,
  type GivenUpConnection,
} from './connect-errors.ts';
export { connectOptionTable, endpointOptionTable } from './connect-option-table.ts';
export type { AttemptFailure, ConnectOptions } from './connect-options.ts';
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
  type EndpointProof,
  endpointChecks,
  type TcpCheckOptions,
} from './endpoint-check.ts';
export type { EndpointProtocol } from './endpoint-url.ts';
export { type FatalFailure, fatalFailures } from './fatal-failure-table.ts';
export { fatalReason } from './fatal-failures.ts';
export type { TlsCheckOptions } from './tls-check.ts';
export { waitForEndpoint } from './wait-for-endpoint.ts';
