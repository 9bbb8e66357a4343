/** Spaces that were put in, and where: `at` counts in the text that has them. */
export interface Insertion {
  readonly at: number;
  readonly length: number;
}

export interface IndentedText {
  readonly text: string;
  readonly insertions: readonly Insertion[];
}

/**
 * Kubernetes' parser (libyaml in Go) takes quoted scalars and flow collections that go on at the indent of their key, or
 * left of it; YAML 1.2 and its parser here do not. This indents such lines: spaces there mean nothing. Undefined where
 * nothing was to be indented, or where a quote or a bracket never ends.
 */
export function indentContinuations(yaml: string): IndentedText | undefined {
  const scanner = new Scanner(yaml);
  return scanner.run() && scanner.insertions.length > 0
    ? { text: scanner.indented(), insertions: scanner.insertions }
    : undefined;
}

/** Where an offset of the indented text stands in the original. */
export function originalOffset(offset: number, insertions: readonly Insertion[]): number {
  let shift = 0;
  for (const { at, length } of insertions) {
    if (at >= offset) break;
    shift += Math.min(length, offset - at);
  }
  return offset - shift;
}

/** Takes the spaces out again, after an edit of the text: of each line that was indented, where it is still there. */
export function restoreContinuations(edited: string, { text, insertions }: IndentedText): string {
  const changed = insertions.map(({ at, length }) => {
    const line = text.slice(at, lineEnd(text, at));
    return { line, length };
  });
  let next = 0;
  return edited
    .split('\n')
    .map((line) => {
      const index = changed.findIndex((one, position) => position >= next && one.line === line);
      if (index === -1) return line;
      next = index + 1;
      return line.slice(changed[index]?.length ?? 0);
    })
    .join('\n');
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

const blockHeader = /^[|>][-+0-9]*[ \t]*(?:#.*)?$/;
const properties = /^(?:[&!][^\s]*[ \t]+)+/;

class Scanner {
  readonly insertions: Insertion[] = [];
  readonly #yaml: string;
  readonly #parts: string[] = [];
  #at = 0;
  #copied = 0;
  #added = 0;

  constructor(yaml: string) {
    this.#yaml = yaml;
  }

  indented(): string {
    return this.#parts.join('') + this.#yaml.slice(this.#copied);
  }

  /** False where a quote or a bracket is left open. */
  run(): boolean {
    while (this.#at < this.#yaml.length) {
      const line = this.#yaml.slice(this.#at, lineEnd(this.#yaml, this.#at));
      const { column, outer, value } = readLine(line);
      const start = this.#at + value;
      const first = this.#yaml[start] ?? '';
      if (blockHeader.test(line.slice(value).trimEnd())) this.#skipBlock(outer);
      else if (value < line.length && `"'[{`.includes(first)) {
        const end = this.#endOf(start, column === 0 && value === 0 ? 0 : column + 1);
        if (end === -1) return false;
        this.#at = lineEnd(this.#yaml, end) + 1;
      } else this.#at += line.length + 1;
    }
    return true;
  }

  /** The text below `|`, which is deeper than what it belongs to. */
  #skipBlock(outer: number): void {
    this.#at = lineEnd(this.#yaml, this.#at) + 1;
    while (this.#at < this.#yaml.length) {
      const line = this.#yaml.slice(this.#at, lineEnd(this.#yaml, this.#at));
      const content = line.trimStart();
      if (content !== '' && line.length - content.length <= outer) return;
      this.#at += line.length + 1;
    }
  }

  /** Behind the value that begins at `from`; its further lines get at least `indent` spaces. -1: it never ends. */
  #endOf(from: number, indent: number): number {
    let depth = 0;
    for (let at = from; at < this.#yaml.length; at += 1) {
      const char = this.#yaml[at] ?? '';
      const isStart = at === from || ' \t\n[{,:'.includes(this.#yaml[at - 1] ?? '');
      if ((char === '"' || char === "'") && isStart) {
        at = this.#endOfQuote(at, char, indent);
        if (at === -1) return -1;
      } else if (char === '#' && isStart) at = lineEnd(this.#yaml, at) - 1;
      else if (char === '\n') this.#indent(at + 1, indent);
      else if (char === '[' || char === '{') depth += 1;
      else if (char === ']' || char === '}') depth -= 1;
      if (depth === 0) return at + 1;
    }
    return -1;
  }

  /** At the quote that ends it. */
  #endOfQuote(from: number, quote: string, indent: number): number {
    for (let at = from + 1; at < this.#yaml.length; at += 1) {
      const char = this.#yaml[at];
      if (char === '\n') this.#indent(at + 1, indent);
      else if (quote === '"' && char === '\\' && this.#yaml[at + 1] !== '\n') at += 1;
      else if (char === quote) {
        if (quote === '"' || this.#yaml[at + 1] !== quote) return at;
        at += 1;
      }
    }
    return -1;
  }

  #indent(lineStart: number, indent: number): void {
    let spaces = 0;
    while (this.#yaml[lineStart + spaces] === ' ') spaces += 1;
    const next = this.#yaml[lineStart + spaces];
    if (spaces >= indent || next === '\n' || next === undefined) return;
    const length = indent - spaces;
    this.#parts.push(this.#yaml.slice(this.#copied, lineStart), ' '.repeat(length));
    this.insertions.push({ at: lineStart + this.#added, length });
    this.#added += length;
    this.#copied = lineStart;
  }
}

/** Of a line in block style: the column of its key or item, that of what it belongs to, and where its value begins. */
function readLine(line: string): { readonly column: number; readonly outer: number; readonly value: number } {
  let column = line.length - line.trimStart().length;
  let outer = column - 1;
  for (let match = dash.exec(line.slice(column)); match !== null; match = dash.exec(line.slice(column))) {
    outer = column;
    column += match[0].length;
  }
  const key = keyOf.exec(line.slice(column))?.[0];
  let value = column + (key?.length ?? 0);
  value += properties.exec(line.slice(value))?.[0].length ?? 0;
  return { column, outer: key === undefined ? outer : column, value };
}

const dash = /^[-?:][ \t]+/;
const keyOf = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#[{&*!|>%@`-][^:]*(?::[^\s:][^:]*)*) *:(?:[ \t]+|$)/;
