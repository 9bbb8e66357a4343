import type { ByteString } from './transport.ts';

/** A longer one that has not ended is left to the full parser: to look for its end anew with each piece costs its length squared. */
const maxTokenBytes = 64 * 1024;

/** Deeper documents are left to the full parser, which has limits of its own. */
const maxDepth = 32;

/** What fails to be a whole container has been parsed in vain: so often and so far at most. */
const maxVainTries = 16;
const maxSkippedBytes = 4 * 1024;

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
 * It is a scanner, not a validator: what is not wanted it only passes over, and at the first thing that cannot be JSON it
 * stops silently; what it has found until then stands. It never finds a value at a wrong depth or inside a string. It
 * stops as well once `isEnough` says so, in the middle of a piece, too: the rest may be forty times as long.
 */
export function createJsonPathScanner(
  wanted: readonly string[],
  watched: string,
  isEnough: (seen: Pick<JsonPathScanner, 'found' | 'closed'>) => boolean = () => false,
): JsonPathScanner {
  /** Whether an object is on the way to what is wanted: in others no key needs to be known. */
  const isOnWay = (path: string): boolean => {
    if (path === '' || path === watched) return true;
    for (const one of wanted)
      if (one.length > path.length && one[path.length] === '/' && one.startsWith(path)) return true;
    return false;
  };
  const found = new Map<string, unknown>();
  /** Of each open container: the path where it is on the way, otherwise undefined. */
  const open: (string | undefined)[] = [];
  const isObject: boolean[] = [];
  let text = '';
  let position = 0;
  /** The key that waits for its value. */
  let key: string | undefined;
  let stopped = false;
  let vainTries = 0;
  let closed = false;

  /** The path of the value that comes next; undefined where nothing can be wanted. */
  const valuePath = (): string | undefined => {
    if (open.length === 0) return '';
    const parent = open[open.length - 1];
    // A slash in a key would pass for a path.
    if (key === undefined || key === '' || key.includes('/')) return undefined;
    return parent === '' ? key : `${parent}/${key}`;
  };

  const openContainer = (object: boolean): void => {
    if (open.length === maxDepth) {
      stopped = true;
      return;
    }
    const path = object ? valuePath() : undefined;
    const way = path !== undefined && isOnWay(path) ? path : undefined;
    if (way === undefined && skipWhole(object)) return;
    open.push(way);
    isObject.push(object);
    key = undefined;
  };

  /**
   * Passes over a small container that nothing is wanted of, if it ends with the first bracket of its kind: whatever is JSON up to there
   * is all of it. The engine's own parser takes a hundredth of what its tokens cost here.
   */
  const skipWhole = (object: boolean): boolean => {
    const end = text.indexOf(object ? '}' : ']', position);
    if (end < 0 || end - position > maxSkippedBytes || vainTries === maxVainTries) return false;
    if (parseToken(text.slice(position, end + 1)) === undefined) {
      vainTries++;
      return false;
    }
    position = end;
    key = undefined;
    return true;
  };

  const closeContainer = (object: boolean): void => {
    if (isObject.pop() !== object) stopped = true;
    if (open.pop() === watched) {
      closed = true;
      stopped ||= isEnough({ found, closed });
    }
    if (open.length === 0) stopped = true; // what follows the document is none of it
  };

  const takeValue = (start: number, end: number, isText: boolean): void => {
    const path = valuePath();
    key = undefined;
    const isWanted = path !== undefined && wanted.includes(path) && !found.has(path);
    if (isText && !isWanted) return;
    const value = parseToken(text.slice(start, end));
    if (value === undefined) stopped = true;
    else if (isWanted) {
      found.set(path, value);
      stopped = isEnough({ found, closed });
    }
  };

  const takeKey = (start: number, end: number): void => {
    const inner = text.slice(start + 1, end - 1);
    const spelled = inner.includes('\\') ? parseToken(text.slice(start, end)) : inner;
    if (typeof spelled === 'string') key = spelled;
    else stopped = true;
  };

  /** Takes the token that starts here; answers false where more bytes are needed to know its end. */
  const takeToken = (code: number): boolean => {
    const isText = code === quote;
    const end = isText ? endOfText(text, position) : endOfWord(text, position);
    if (end < 0) {
      stopped = text.length - position > maxTokenBytes;
      return false;
    }
    if (open.length > 0 && open[open.length - 1] === undefined) {
      // In an array, or in an object off the way.
    } else if (key === undefined && isObject[isObject.length - 1]) {
      // A string is a key exactly where an object expects one: no key is waiting for its value.
      if (isText) takeKey(position, end);
      else stopped = true;
    } else takeValue(position, end, isText);
    position = end;
    return true;
  };

  /** One loop, without calls for single characters: in a bare engine they would be most of the work. */
  const scan = (): void => {
    while (!stopped) {
      let code = text.charCodeAt(position);
      while (code === 32 || code === 10 || code === comma || code === colon || code === 13 || code === 9) {
        code = text.charCodeAt(++position);
      }
      if (position >= text.length) return;
      if (code === openBrace || code === openBracket) openContainer(code === openBrace);
      else if (code === closeBrace || code === closeBracket) closeContainer(code === closeBrace);
      else if (takeToken(code)) continue;
      else return;
      position++;
    }
  };

  return {
    push(piece) {
      if (stopped) return;
      text = text.slice(position) + piece;
      position = 0;
      scan();
    },
    found,
    get closed() {
      return closed;
    },
  };
}

const quote = 34;
const backslash = 92;
const openBrace = 123;
const closeBrace = 125;
const openBracket = 91;
const closeBracket = 93;
const comma = 44;
const colon = 58;

/** Where the string that starts here ends (exclusive); -1: not yet. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === backslash) backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
  return -1;
}

/** Where the number, `true`, `false` or `null` that starts here ends (exclusive); -1: not yet. */
function endOfWord(text: string, start: number): number {
  for (let end = start; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code <= 32 || code === comma || code === closeBrace || code === closeBracket) return end;
  }
  return -1;
}

function parseToken(token: string): unknown {
  try {
    return JSON.parse(token);
  } catch {
    return undefined;
  }
}
