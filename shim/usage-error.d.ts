/** What the user wrote cannot be carried out. The message says what, why, and what would do; it ends with exit code 64. */
export declare class UsageError extends Error {
  readonly name = 'UsageError';
}
