/** What the user wrote cannot be carried out. The message says what, why, and what would do; it ends with exit code 64. */
export declare class UsageError extends Error {
  readonly name = 'UsageError';
}
/** The known name that was probably meant; undefined when none is near. */
export declare function nearestName(name: string, known: readonly string[]): string | undefined;
export declare function didYouMean(name: string, known: readonly string[]): string;
