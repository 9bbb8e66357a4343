/** How the lines of a text end, where it is the same everywhere. */
export type Newlines = '\n' | '\r\n';

/** A text with plain line ends: edits count in these. Ends of both kinds stay as they are. */
export function withoutNewlines(text: string): { readonly text: string; readonly newlines: Newlines } {
  const isDos = text.includes('\r\n') && !/(?<!\r)\n|\r(?!\n)/.test(text);
  return isDos ? { text: text.replaceAll('\r\n', '\n'), newlines: '\r\n' } : { text, newlines: '\n' };
}

export function withNewlines(text: string, newlines: Newlines = '\n'): string {
  return newlines === '\n' ? text : text.replaceAll('\n', newlines);
}
