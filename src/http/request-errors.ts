import type { ReplyClassification } from '../mesh/replies/envoy-reply.ts';
import type { ErrorCodeRow } from '../shared/error-code-row.ts';
import { failureText } from '../shared/failure-text.ts';
import type { StopReason } from './decide.ts';

/** Every error code of the HTTP client, with what the caller can do. */
export const httpErrorCodes: readonly ErrorCodeRow[] = [
  {
    code: 'MESH_UNREACHABLE',
    error: 'MeshUnreachableError',
    means: 'No attempt was sent: no connection was established before the deadline.',
    remedy: 'Repeating is safe, whatever the method. Look at `cause`: is the sidecar running, is the host name right?',
  },
  {
    code: 'MESH_INTERRUPTED',
    error: 'MeshInterruptedError',
    means:
      'An attempt was sent, but its reply did not arrive, or only a part of it. The request may have been processed.',
    remedy:
      'Before you repeat a request that is not idempotent, ask the server what it has done, or send an `Idempotency-Key`.',
  },
  {
    code: 'MESH_DEADLINE',
    error: 'MeshDeadlineError',
    means: 'The deadline passed before the final reply arrived.',
    remedy: '`neverSent` says whether repeating is safe. Raise `deadlineMs` if the service needs more time.',
  },
  {
    code: 'MESH_REPLY',
    error: 'MeshReplyError',
    means: "The final reply is a failure (with `failedReplies: 'throw'` only).",
    remedy: '`classification.message` says what to do; `status`, `headers` and `body` are the reply.',
  },
  {
    code: 'MESH_ATTEMPT_TIMEOUT',
    error: 'MeshAttemptTimeoutError',
    means: 'One attempt took longer than `attemptTimeoutMs`. Seen as `cause` of the errors above.',
    remedy: 'Raise `attemptTimeoutMs`, or find out why the server does not answer.',
  },
  {
    code: 'MESH_OPTION',
    error: 'MeshOptionError',
    means: 'An option has an unknown name or an invalid value.',
    remedy: 'Correct it as the message says.',
  },
];

/** One attempt was cut off at `attemptTimeoutMs`. */
export class MeshAttemptTimeoutError extends Error {
  override readonly name = 'MeshAttemptTimeoutError';
  readonly code = 'MESH_ATTEMPT_TIMEOUT';

  constructor(timeoutMs: number) {
    super(`no reply within the time limit of one attempt, ${timeoutMs} ms`);
  }
}

/** What is known about a request that is given up. */
export interface GivenUpRequest {
  readonly method: string;
  /** Origin and path, without the query, which may hold secrets. */
  readonly url: string;
  /** Attempts, the first one included. */
  readonly attempts: number;
  readonly elapsedMs: number;
  /** No byte of any attempt has left, so that repeating is safe whatever the method. */
  readonly neverSent: boolean;
  /** Why there was no further retry. */
  readonly gaveUp: StopReason;
  /** The first failure: later ones are often only its consequence. */
  readonly firstCause: unknown;
  /** Of the last reply, if there was one. */
  readonly classification: ReplyClassification | undefined;
}

/** Base of the errors that end a request. */
export abstract class MeshRequestError extends Error implements GivenUpRequest {
  abstract readonly code: string;
  readonly method: string;
  readonly url: string;
  readonly attempts: number;
  readonly elapsedMs: number;
  readonly neverSent: boolean;
  readonly gaveUp: StopReason;
  readonly firstCause: unknown;
  readonly classification: ReplyClassification | undefined;

  constructor(what: string, request: GivenUpRequest, cause: unknown) {
    const tries = request.attempts === 1 ? '1 attempt' : `${request.attempts} attempts`;
    const said = request.classification === undefined ? failureText(cause) : request.classification.message;
    super(
      `${request.method} ${request.url} ${what} (${tries} in ${(request.elapsedMs / 1000).toFixed(1)} s, ${request.gaveUp}): ${said}`,
      { cause },
    );
    this.method = request.method;
    this.url = request.url;
    this.attempts = request.attempts;
    this.elapsedMs = request.elapsedMs;
    this.neverSent = request.neverSent;
    this.gaveUp = request.gaveUp;
    this.firstCause = request.firstCause;
    this.classification = request.classification;
  }
}

/** The request was never sent: repeating it is safe. */
export class MeshUnreachableError extends MeshRequestError {
  override readonly name = 'MeshUnreachableError';
  readonly code = 'MESH_UNREACHABLE';

  constructor(request: GivenUpRequest, cause: unknown) {
    super('was never sent', request, cause);
  }
}

/** The request was sent and its reply was lost: whether it was processed is unknown. */
export class MeshInterruptedError extends MeshRequestError {
  override readonly name = 'MeshInterruptedError';
  readonly code = 'MESH_INTERRUPTED';

  constructor(request: GivenUpRequest, cause: unknown) {
    super('was sent, but its reply was lost', request, cause);
  }
}

/** The deadline passed. */
export class MeshDeadlineError extends MeshRequestError {
  override readonly name = 'MeshDeadlineError';
  readonly code = 'MESH_DEADLINE';

  constructor(request: GivenUpRequest, deadlineMs: number, cause: unknown) {
    super(`got no final reply within its deadline of ${deadlineMs} ms`, request, cause);
  }
}

export interface FailedReply {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  /** The body as a string if it is short (at most 4 KB) and was read; all of Envoy's own replies are. */
  readonly body: string | undefined;
}

/** The final reply is a failure. */
export class MeshReplyError extends MeshRequestError {
  override readonly name = 'MeshReplyError';
  readonly code = 'MESH_REPLY';
  readonly status: number;
  readonly headers: FailedReply['headers'];
  readonly body: string | undefined;

  constructor(request: GivenUpRequest, reply: FailedReply) {
    super(`failed with ${reply.status}`, request, request.firstCause instanceof Error ? request.firstCause : undefined);
    this.status = reply.status;
    this.headers = reply.headers;
    this.body = reply.body;
  }
}
