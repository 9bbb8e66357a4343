import { luaBlockEnd } from './lua-block.ts';

/** A word of a directive, without its quotes, and where it stands. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Directive {
  readonly name: string;
  readonly words: readonly Word[];
  /** Of its name. */
  readonly start: number;
  /** The directives in its braces; undefined where it ends with a semicolon. */
  readonly block: readonly Directive[] | undefined;
}

/** nginx takes a few levels; more is no configuration. */
const deepest = 50;

/**
 * Reads a configuration as nginx does (ngx_conf_read_token in src/core/ngx_conf_file.c, the same from 0.7 to 1.29): words end
 * at spaces, `;` and `{`, quotes and comments begin where a word may begin, and `${` is part of a word. Undefined for what
 * nginx would refuse to read.
 */
export function parseNginx(text: string): readonly Directive[] | undefined {
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): readonly Directive[] | undefined {
    const directives = this.#directives(0);
    return this.#at === this.#text.length ? directives : undefined;
  }

  /** Until the brace that ends the block, or the end of the text. */
  #directives(depth: number): readonly Directive[] | undefined {
    const found: Directive[] = [];
    for (;;) {
      this.#skipSpace();
      const char = this.#text[this.#at];
      if (char === undefined || (char === '}' && depth > 0)) return found;
      if (depth > deepest) return undefined;
      const directive = this.#directive(depth);
      if (directive === undefined) return undefined;
      found.push(directive);
    }
  }

  #directive(depth: number): Directive | undefined {
    const [first, ...words] = this.#words();
    if (first === undefined) return undefined;
    const end = this.#text[this.#at];
    this.#at += 1;
    const { text: name, start } = first;
    if (end === ';') return { name, words, start, block: undefined };
    if (end !== '{') return undefined;
    const block = name.endsWith('_by_lua_block') ? this.#skipLua() : this.#directives(depth + 1);
    if (block === undefined || this.#text[this.#at] !== '}') return undefined;
    this.#at += 1;
    return { name, words, start, block };
  }

  #skipLua(): readonly Directive[] {
    this.#at = luaBlockEnd(this.#text, this.#at);
    return [];
  }

  /** Stops at what ends the directive; no words where something else stands there. */
  #words(): readonly Word[] {
    const words: Word[] = [];
    for (;;) {
      this.#skipSpace();
      const char = this.#text[this.#at];
      if (char === ';' || char === '{') return words;
      if (char === undefined || char === '}') return [];
      const word = char === '"' || char === "'" ? this.#quoted(char) : this.#plain();
      if (word === undefined) return [];
      words.push(word);
    }
  }

  #skipSpace(): void {
    for (;;) {
      const char = this.#text[this.#at];
      if (char === '#') this.#at = endOfLine(this.#text, this.#at);
      else if (char !== undefined && ' \t\r\n'.includes(char)) this.#at += 1;
      else return;
    }
  }

  #quoted(quote: string): Word | undefined {
    const start = this.#at;
    for (let at = start + 1; at < this.#text.length; at += 1) {
      const char = this.#text[at];
      if (char === '\\') at += 1;
      else if (char === quote) {
        this.#at = at + 1;
        // Of `if ($a = "b")` the bracket stands right behind the quote.
        if (this.#text[this.#at] === ')') this.#at += 1;
        if (!' \t\r\n;{'.includes(this.#text[this.#at] ?? ' ')) return undefined;
        return { text: this.#text.slice(start + 1, at), start, end: this.#at };
      }
    }
    return undefined;
  }

  #plain(): Word {
    const start = this.#at;
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] ?? '';
      if (' \t\r\n;'.includes(char)) break;
      if (char === '{' && this.#text[this.#at - 1] !== '$') break;
      this.#at += char === '\\' ? 2 : 1;
    }
    return { text: this.#text.slice(start, this.#at), start, end: this.#at };
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
