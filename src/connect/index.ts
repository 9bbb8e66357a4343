export { EndpointError } from '../mesh/endpoint.ts';
export { type AttemptContext, type ConnectAttempt, connectWithRetry } from './connect-with-retry.ts';
export {
  type EndpointCheck,
  type EndpointProtocol,
  endpointChecks,
  type TcpCheckOptions,
} from './endpoint-check.ts';
export type { EndpointProof } from './endpoint-proof.ts';
export {
  CONNECT_ERROR_CODES,
  ConnectAttemptTimeoutError,
  ConnectDeadlineError,
  ConnectError,
  type ConnectErrorCodeRow,
  ConnectFatalError,
  EndpointNotReadyError,
  type GivenUpConnection,
} from './errors.ts';
export { type FatalFailure, fatalFailures } from './fatal-failure-table.ts';
export { fatalReason } from './fatal-failures.ts';
export { CONNECT_OPTIONS, type ConnectOptionRow, type ConnectOptions } from './options.ts';
export type { TlsCheckOptions } from './tls-check.ts';
export { waitForEndpoint } from './wait-for-endpoint.ts';
