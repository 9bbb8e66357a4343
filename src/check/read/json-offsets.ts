import type { Path } from './values.ts';

interface Entry {
  readonly key: number;
  readonly value: number;
}

/** Finds keys in JSON without a syntax tree: a dump of a cluster has a hundred megabytes. */
export class JsonOffsets {
  readonly #text: string;
  /** Of the values of the top-level `items`, found in one pass, and of the whole's own keys: these span all of the text. */
  #items: readonly number[] | undefined;
  readonly #keys = new Map<string, Entry | undefined>();

  constructor(text: string) {
    this.#text = text;
  }

  /** Where the key at a path begins, or the list's item; if the path ends early, the last of it that is there. */
  offset(path: Path): number {
    let value = this.#space(0);
    let offset = value;
    for (const [depth, step] of path.entries()) {
      const found =
        depth === 0 ? this.#ownKey(value, step) : this.#child(value, step, depth === 1 && path[0] === 'items');
      if (found === undefined) break;
      offset = found.key;
      value = found.value;
    }
    return offset;
  }

  #ownKey(at: number, step: string | number): Entry | undefined {
    const name = String(step);
    if (!this.#keys.has(name)) this.#keys.set(name, this.#child(at, step, false));
    return this.#keys.get(name);
  }

  #child(at: number, step: string | number, isItem: boolean): Entry | undefined {
    if (typeof step === 'string') return this.#entry(at, step);
    if (isItem) this.#items ??= this.#elements(at);
    const values = isItem && this.#items !== undefined ? this.#items : this.#elements(at, step + 1);
    const value = values[step];
    return value === undefined ? undefined : { key: value, value };
  }

  /** The last of equal keys, as JSON.parse takes it. */
  #entry(object: number, name: string): Entry | undefined {
    if (this.#text[object] !== '{') return undefined;
    let found: Entry | undefined;
    for (let key = this.#space(object + 1); this.#text[key] === '"'; ) {
      const end = this.#stringEnd(key);
      const value = this.#space(this.#space(end) + 1);
      if (this.#string(key, end) === name) found = { key, value };
      key = this.#next(value);
    }
    return found;
  }

  #elements(array: number, limit = Number.POSITIVE_INFINITY): number[] {
    const values: number[] = [];
    if (this.#text[array] !== '[') return values;
    for (let at = this.#space(array + 1); at < this.#text.length && this.#text[at] !== ']'; at = this.#next(at)) {
      values.push(at);
      if (values.length === limit) break;
    }
    return values;
  }

  /** Behind a value and its comma. */
  #next(value: number): number {
    const end = this.#space(this.#valueEnd(value));
    return this.#text[end] === ',' ? this.#space(end + 1) : end;
  }

  #valueEnd(start: number): number {
    const first = this.#text[start];
    if (first === '"') return this.#stringEnd(start);
    if (first !== '{' && first !== '[') {
      let at = start;
      while (at < this.#text.length && !',]} \t\r\n'.includes(this.#text[at] ?? '')) at += 1;
      return at;
    }
    let depth = 0;
    for (let at = start; at < this.#text.length; at += 1) {
      const char = this.#text[at];
      if (char === '"') at = this.#stringEnd(at) - 1;
      else if (char === '{' || char === '[') depth += 1;
      else if ((char === '}' || char === ']') && --depth === 0) return at + 1;
    }
    return this.#text.length;
  }

  #stringEnd(start: number): number {
    for (let at = start + 1; at < this.#text.length; at += 1) {
      if (this.#text[at] === '\\') at += 1;
      else if (this.#text[at] === '"') return at + 1;
    }
    return this.#text.length;
  }

  #string(start: number, end: number): string {
    const raw = this.#text.slice(start + 1, end - 1);
    return raw.includes('\\') ? JSON.parse(this.#text.slice(start, end)) : raw;
  }

  #space(from: number): number {
    let at = from;
    while (at < this.#text.length && ' \t\r\n\ufeff'.includes(this.#text[at] ?? '')) at += 1;
    return at;
  }
}
