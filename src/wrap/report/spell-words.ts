import { printable } from '../../check/report/printable.ts';

/** A command line as a shell would take it. */
export function spellWords(words: readonly string[]): string {
  return words.map(spellWord).join(' ');
}

function spellWord(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) return word;
  // On one line: a blank in the place of a newline would make another script of it.
  if (word.includes('\n')) return `$'${printable(word.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n'))}'`;
  return `'${printable(word).replaceAll("'", `'\\''`)}'`;
}
