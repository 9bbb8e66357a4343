import type { ByteString } from './transport.ts';

/** Deeper documents are left to the full parser, which has limits of its own. */
const maxDepth = 32;

export interface JsonPathScanner {
  push(piece: ByteString): void;
  /** The strings, numbers, booleans and nulls seen so far at the wanted paths; of duplicate keys the first. */
  readonly found: ReadonlyMap<string, unknown>;
  /** Whether the object at the watched path has been seen to its end. */
  readonly closed: boolean;
}

/**
 * Finds the values at some paths of a JSON document while it arrives. A path is the keys from the top, joined by `/`;
 * what stands inside arrays is passed over.
 *
 * It is a scanner, not a validator: it stops silently at the first thing that is not JSON, and what it has found until
 * then stands. It never finds a value at a wrong depth or inside a string.
 */
export function createJsonPathScanner(wanted: readonly string[], watched: string): JsonPathScanner {
  const wantedPaths = new Set(wanted);
  const found = new Map<string, unknown>();
  /** The path of each open container; undefined for one inside an array, where nothing is wanted. */
  const open: (string | undefined)[] = [];
  const isObject: boolean[] = [];
  let text = '';
  let position = 0;
  let key: string | undefined;
  let stopped = false;
  let closed = false;

  /** The path of the value that comes next. */
  const valuePath = (): string | undefined => {
    const parent = open[open.length - 1];
    if (key === undefined || parent === undefined) return open.length === 0 ? '' : undefined;
    if (key.includes('/')) return undefined; // would pass for a path
    return parent === '' ? key : `${parent}/${key}`;
  };

  const take = (value: unknown): void => {
    const path = valuePath();
    if (path !== undefined && wantedPaths.has(path) && !found.has(path)) found.set(path, value);
    key = undefined;
  };

  /** The end (exclusive) of the token that starts here; -1 when more bytes are needed to know. */
  const tokenEnd = (start: number): number => {
    if (text[start] !== '"') {
      let end = start;
      while (end < text.length && !delimiters.includes(text[end] as string)) end++;
      return end === text.length ? -1 : end;
    }
    for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
      let backslashes = 0;
      while (text[end - 1 - backslashes] === '\\') backslashes++;
      if (backslashes % 2 === 0) return end + 1;
    }
    return -1;
  };

  const openContainer = (object: boolean): void => {
    if (open.length === maxDepth) {
      stopped = true;
      return;
    }
    open.push(object ? valuePath() : undefined);
    isObject.push(object);
    key = undefined;
  };

  const closeContainer = (object: boolean): void => {
    if (isObject.pop() !== object) stopped = true;
    if (open.pop() === watched) closed = true;
  };

  /** Takes one token; answers whether another may follow with the bytes at hand. */
  const step = (): boolean => {
    const char = text[position] as string;
    if (char === '{' || char === '[') openContainer(char === '{');
    else if (char === '}' || char === ']') closeContainer(char === '}');
    else if (!ignored.includes(char)) {
      const end = tokenEnd(position);
      if (end < 0) return false;
      const value = parseToken(text.slice(position, end));
      if (value === undefined) stopped = true;
      // A string is a key exactly where an object expects one: no key is waiting for its value.
      else if (isObject[isObject.length - 1] && key === undefined) key = String(value);
      else take(value);
      position = end - 1;
    }
    position++;
    return !stopped;
  };

  return {
    push(piece) {
      if (stopped) return;
      text = text.slice(position) + piece;
      position = 0;
      while (position < text.length && step());
    },
    found,
    get closed() {
      return closed;
    },
  };
}

const delimiters = ',}] \t\r\n';
const ignored = ',: \t\r\n';

function parseToken(token: string): unknown {
  try {
    return JSON.parse(token);
  } catch {
    return undefined;
  }
}
