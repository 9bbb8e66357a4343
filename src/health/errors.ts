/**
 * Why a health server did not start. A wrong option is a `MeshOptionError`.
 *
 * - `HEALTH_PORT_IN_USE`: another server listens there.
 * - `HEALTH_LISTEN_FAILED`: the system refused the port for another reason.
 * - `HEALTH_WORKER_FAILED`: the worker thread did not start.
 */
export type HealthServerErrorCode = 'HEALTH_PORT_IN_USE' | 'HEALTH_LISTEN_FAILED' | 'HEALTH_WORKER_FAILED';

/** The health server could not start; `code` says why, the message what to do. */
export class HealthServerError extends Error {
  override readonly name = 'HealthServerError';
  readonly code: HealthServerErrorCode;

  constructor(code: HealthServerErrorCode, message: string, options?: ErrorOptions) {
    super(`health server: ${message}`, options);
    this.code = code;
  }
}
