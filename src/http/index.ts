export { agentOptionTable, fetchOptionTable } from './client-option-tables.ts';
export type { StopReason } from './decide.ts';
export {
  type BudgetEvent,
  type GiveUpEvent,
  httpChannels,
  type RequestEvent,
  type RetryEvent,
  type WaitEvent,
} from './events.ts';
export type { MeshFetchInit } from './fetch-request.ts';
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
export { retryOptionTable } from './retry-option-table.ts';
export { type ForeignReply, isSafeToRetry, type RetryableRequest } from './safe-to-retry.ts';
