/** What a shell is told by its own words, those behind its name. */
export interface ShellInvocation {
  /** Where the script stands among the words; what follows are $0, $1, ... */
  readonly scriptAt: number;
  /** Whether it runs the script and nothing else: no profile of a login shell, no file of an interactive one. */
  readonly readsNoFiles: boolean;
}

/** Options of bash with the value in a word of its own. */
const fileOptions: readonly string[] = ['--rcfile', '--init-file'];

/** Undefined for a shell without -c: its first operand is the file of a script, and all behind that are the script's. */
export function shellInvocation(args: readonly string[]): ShellInvocation | undefined {
  let isCommand = false;
  let readsNoFiles = true;
  let at = 0;
  for (; /^[-+]./.test(args[at] ?? ''); at += 1) {
    const word = args[at] ?? '';
    if (word === '--') {
      at += 1;
      break;
    }
    if (word === '--login' || fileOptions.includes(word)) readsNoFiles = false;
    if (fileOptions.includes(word)) at += 1;
    if (word.startsWith('--')) continue;
    if (word.startsWith('-') && word.includes('c')) isCommand = true;
    if (word.startsWith('-') && /[li]/.test(word)) readsNoFiles = false;
    // `-euo pipefail`: each o takes the next word.
    at += word.match(/o/gi)?.length ?? 0;
  }
  return isCommand && args[at] !== undefined ? { scriptAt: at, readsNoFiles } : undefined;
}
