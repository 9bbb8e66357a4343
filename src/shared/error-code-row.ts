/** One row of a table of error codes. */
export interface ErrorCodeRow {
  readonly code: string;
  /** Name of the class. */
  readonly error: string;
  readonly means: string;
  /** What the caller can do. */
  readonly remedy: string;
}
