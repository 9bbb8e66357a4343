/** As the shell takes it for one word, and for nothing else: it comes from somebody's file. */
export function shellWord(text: string): string {
  return /^[\w.:@%+=,/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
