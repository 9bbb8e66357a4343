import '../shared/supported-node.ts';

export { EndpointError } from '../mesh/ask/endpoint.ts';
export type { ErrorCodeRow } from '../shared/error-code-row.ts';
export { type Logger, silentLogger } from '../shared/logger.ts';
export { MeshOptionError } from '../shared/option-error.ts';
export {
  ConnectAttemptTimeoutError,
  ConnectDeadlineError,
  ConnectError,
  ConnectFatalError,
  connectErrorCodes,
  EndpointNotReadyError,
  type GivenUpConnection,
} from './connect-errors.ts';
export { type AttemptContext, type ConnectAttempt, connectWithRetry } from './connect-with-retry.ts';
export {
  type EndpointCheck,
  type EndpointProtocol,
  endpointChecks,
  type TcpCheckOptions,
} from './endpoint-check.ts';
export type { EndpointProof } from './endpoint-proof.ts';
export { type FatalFailure, fatalFailures } from './fatal-failure-table.ts';
export { fatalReason } from './fatal-failures.ts';
export { type ConnectOptionRow, type ConnectOptions, connectOptionTable } from './options.ts';
export type { TlsCheckOptions } from './tls-check.ts';
export { waitForEndpoint } from './wait-for-endpoint.ts';
