import type { ErrorCodeRow } from '../shared/error-code-row.ts';
import { failureText } from '../shared/failure-text.ts';

/** Every error code of `connectWithRetry` and `waitForEndpoint`, with what the caller can do. */
export const connectErrorCodes: readonly ErrorCodeRow[] = [
  {
    code: 'MESH_CONNECT_FATAL',
    error: 'ConnectFatalError',
    means:
      'An attempt failed in a way that trying again cannot fix: wrong password, unknown database, bad certificate.',
    remedy: 'Correct the configuration; `cause` is the error of the client, `reason` says what it means.',
  },
  {
    code: 'MESH_CONNECT_DEADLINE',
    error: 'ConnectDeadlineError',
    means: 'No attempt succeeded before `deadlineMs`.',
    remedy:
      '`cause` is the failure of the last attempt. Is the server running, is its name right, does the mesh allow the connection?',
  },
  {
    code: 'MESH_CONNECT_ATTEMPT_TIMEOUT',
    error: 'ConnectAttemptTimeoutError',
    means: 'One attempt took longer than `attemptTimeoutMs` and was cut off. Seen as `cause`.',
    remedy: 'Raise `attemptTimeoutMs` if the server needs more time; otherwise find out why it does not answer.',
  },
  {
    code: 'MESH_ENDPOINT_NOT_READY',
    error: 'EndpointNotReadyError',
    means:
      'A protocol check got no answer or one in another protocol, or the server says that it accepts no clients. Seen as `cause`.',
    remedy: 'The message says what was seen.',
  },
];

/** What is known when connecting is given up. */
export interface GivenUpConnection {
  /** What was to be connected to. */
  readonly subject: string;
  /** Attempts, the first one included. */
  readonly attempts: number;
  readonly elapsedMs: number;
}

/** Base of the errors that end `connectWithRetry`; `cause` is the failure of the last attempt. */
export abstract class ConnectError extends Error implements GivenUpConnection {
  abstract readonly code: string;
  readonly subject: string;
  readonly attempts: number;
  readonly elapsedMs: number;

  constructor(what: string, { subject, attempts, elapsedMs }: GivenUpConnection, cause: unknown) {
    const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
    super(`${subject}: ${what} (${tries} in ${(elapsedMs / 1000).toFixed(1)} s): ${failureText(cause)}`, { cause });
    this.subject = subject;
    this.attempts = attempts;
    this.elapsedMs = elapsedMs;
  }
}

/** Trying again cannot help. */
export class ConnectFatalError extends ConnectError {
  override readonly name = 'ConnectFatalError';
  readonly code = 'MESH_CONNECT_FATAL';
  /** What the failure means: `wrong password`. */
  readonly reason: string;

  constructor(connection: GivenUpConnection, reason: string, cause: unknown) {
    super(`${reason}; not tried again`, connection, cause);
    this.reason = reason;
  }
}

/** The deadline passed. */
export class ConnectDeadlineError extends ConnectError {
  override readonly name = 'ConnectDeadlineError';
  readonly code = 'MESH_CONNECT_DEADLINE';

  constructor(connection: GivenUpConnection, deadlineMs: number, cause: unknown) {
    super(`not connected within the deadline of ${deadlineMs} ms`, connection, cause);
  }
}

/** One attempt was cut off at `attemptTimeoutMs`; the reason of its signal. */
export class ConnectAttemptTimeoutError extends Error {
  override readonly name = 'ConnectAttemptTimeoutError';
  readonly code = 'MESH_CONNECT_ATTEMPT_TIMEOUT';

  constructor(timeoutMs: number) {
    super(`no connection within the ${timeoutMs} ms of one attempt`);
  }
}

/** A protocol check did not succeed. */
export class EndpointNotReadyError extends Error {
  override readonly name = 'EndpointNotReadyError';
  readonly code = 'MESH_ENDPOINT_NOT_READY';
}
