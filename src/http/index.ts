import '../shared/supported-node.ts';

export { classifyReply, type Reply, type ReplyClassification, type ReplyMaker } from '../mesh/replies/envoy-reply.ts';
export type { HttpHeaders } from '../mesh/replies/header-value.ts';
export {
  describeResponseFlag,
  describeResponseFlags,
  type ResponseFlag,
  responseFlags,
} from '../mesh/replies/response-flags.ts';
export type { Processed, RetryAdvice } from '../mesh/replies/retry-advice.ts';
export type { ErrorCodeRow } from '../shared/error-code-row.ts';
export { type Logger, silentLogger } from '../shared/logger.ts';
export { MeshOptionError, type OptionFault } from '../shared/mesh-option-error.ts';
export type { Accepted, OptionRow } from '../shared/option-table.ts';
export { agentOptionTable, fetchOptionTable } from './client-option-tables.ts';
export { adapterOptionTable, type MeshAdapterOptions } from './clients/foreign-client.ts';
export { createMeshAxios } from './clients/mesh-axios.ts';
export { createMeshGot } from './clients/mesh-got.ts';
export { createMeshInterceptor, type InterceptedCall, type MeshInterceptor } from './clients/mesh-interceptor.ts';
export { createMeshKy } from './clients/mesh-ky.ts';
export type { StopReason } from './decide.ts';
export type { ProxyUse } from './environment-proxy.ts';
export {
  type BudgetEvent,
  type GiveUpEvent,
  httpChannels,
  type RequestEvent,
  type RetryEvent,
  type WaitEvent,
} from './events.ts';
export type { MeshFetchInit } from './fetch-request.ts';
export type { ForeignReply } from './foreign-failure.ts';
export type { AnyFetch } from './foreign-fetch.ts';
export { createMeshAgent, type MeshAgent, type MeshAgentOptions } from './mesh-agent.ts';
export { createMeshFetch, type MeshFetch, type MeshFetchOptions, meshFetch } from './mesh-fetch.ts';
export { type MeshDispatchOptions, meshRetry } from './mesh-retry.ts';
export type { MeshRetryOptions, SidecarTrust } from './mesh-retry-options.ts';
export {
  type GivenUpRequest,
  httpErrorCodes,
  MeshAttemptTimeoutError,
  MeshDeadlineError,
  MeshInterruptedError,
  MeshReplyError,
  MeshRequestError,
  MeshUnreachableError,
} from './request-errors.ts';
export { retryDelay } from './retry-delay.ts';
export { retryOptionTable } from './retry-option-table.ts';
export { isSafeToRetry, type RetryableRequest } from './safe-to-retry.ts';
