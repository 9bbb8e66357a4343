/** What the user wrote cannot be carried out. The message says what, why, and what would do; it ends with exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
