/** Why a request is not repeated (any more). */
export type StopReason =
  | 'not retryable'
  | 'not idempotent'
  | 'body cannot be replayed'
  | 'retries used up'
  | 'deadline'
  | 'Retry-After lies beyond the deadline'
  | 'retry budget exhausted';
