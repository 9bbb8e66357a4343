import { printable } from '../../check/report/printable.ts';

/** A command line as a shell would take it. */
export function spellWords(words: readonly string[]): string {
  return words.map(spellWord).join(' ');
}

function spellWord(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) return word;
  return `'${printable(word.replaceAll('\n', ' ')).replaceAll("'", `'\\''`)}'`;
}
