/** A failure in one phrase. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return error === undefined ? 'no attempt ended' : String(error);
  // Node's error for a name with several addresses has an empty message and the code of the first.
  return error.message || String((error as NodeJS.ErrnoException).code ?? error.name);
}
