/** Words of the shell's grammar that stand before a command. */
const reservedWords: readonly string[] = ['if', 'then', 'elif', 'else', 'while', 'until', 'do', '!', '{', '}'];

interface Word {
  readonly text: string;
  /** A quoted word is never grammar. */
  readonly quoted: boolean;
}

/**
 * The simple commands of a shell script, each as its words: enough to see which programs it starts. Quotes, backslashes and
 * comments are read as the shell reads them. Expansions stay as they are written, redirections are left out.
 */
export function shellCommands(written: string): string[][] {
  const script = withoutExpressions(written);
  const commands: string[][] = [];
  let words: Word[] = [];
  let word: Word | undefined;
  /** The next word is the file of a redirection. */
  let isTarget = false;
  const add = (text: string, quoted: boolean): void => {
    word = { text: (word?.text ?? '') + text, quoted: quoted || word?.quoted === true };
  };
  const endWord = (): void => {
    if (word === undefined) return;
    if (!isTarget) words.push(word);
    word = undefined;
    isTarget = false;
  };
  const endCommand = (): void => {
    endWord();
    isTarget = false;
    const start = words.findIndex(({ text, quoted }) => quoted || !reservedWords.includes(text));
    if (start !== -1) commands.push(words.slice(start).map(({ text }) => text));
    words = [];
  };
  for (let at = 0; at < script.length; at += 1) {
    const char = script[at] ?? '';
    const operator = redirection.exec(script.slice(at, at + 4))?.[0];
    if (char === "'" || char === '"') {
      const end = closingQuote(script, at);
      const inner = script.slice(at + 1, end);
      add(char === '"' ? inner.replace(/\\([$`"\\])|\\\n/g, '$1') : inner, true);
      at = end;
    } else if (char === '\\') {
      at += 1;
      if (script[at] !== '\n') add(script[at] ?? '', true);
    } else if (char === '#' && word === undefined) {
      const end = script.indexOf('\n', at);
      at = end === -1 ? script.length : end - 1;
    } else if (operator !== undefined) {
      // A number right before it is the file descriptor.
      if (word?.quoted === false && /^\d+$/.test(word.text)) word = undefined;
      endWord();
      isTarget = true;
      at += operator.length - 1;
    } else if (char === ' ' || char === '\t') endWord();
    else if ('\n;&|()'.includes(char)) endCommand();
    else add(char, false);
  }
  endCommand();
  return commands;
}

const redirection = /^(&>>?|[<>]{1,3}[&|]?)/;

/** Where the quote that opens at `start` closes: the end of the script, if it does not. */
function closingQuote(script: string, start: number): number {
  const quote = script[start];
  let end = start + 1;
  while (end < script.length && script[end] !== quote) end += quote === '"' && script[end] === '\\' ? 2 : 1;
  return end;
}

/** Arithmetic, and the conditions of bash: their parentheses are no grammar of commands. One that runs a command stays. */
function withoutExpressions(script: string): string {
  return script
    .replaceAll(/\$\(\([^()]*\)\)/g, '0')
    .replaceAll(/\[\[\s[^\n]*?\s\]\]/g, (condition) => (/\$\(|`/.test(condition) ? condition : '[[ ]]'));
}
