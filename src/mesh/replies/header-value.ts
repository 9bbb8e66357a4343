/** Headers in any form that HTTP clients give or take: a `Headers` or a Map, pairs, undici's flat list of names and values, a plain object. */
export type HttpHeaders =
  | { get(name: string): unknown }
  | Iterable<readonly [name: string, value: unknown]>
  | readonly string[]
  | { readonly [name: string]: unknown };

/**
 * The value of one header, whatever the case of the names. Of several values the first, as Node's own parser keeps it for the headers that
 * matter here (`server`, `retry-after`, `content-length`); only a `Headers` joins them. Undefined where there is none.
 *
 * @param name in lower case
 */
export function headerValue(headers: HttpHeaders | null | undefined, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  // A Map knows only names in the case that they were put in.
  if (hasGet(headers) && !(headers instanceof Map)) return firstText(headers.get(name));
  if (isFlat(headers)) {
    for (let at = 0; at < headers.length; at += 2) {
      const text = headers[at]?.toLowerCase() === name ? firstText(headers[at + 1]) : undefined;
      if (text !== undefined) return text;
    }
    return undefined;
  }
  if (Symbol.iterator in headers) {
    for (const [key, value] of headers as Iterable<readonly [string, unknown]>) {
      const text = key.toLowerCase() === name ? firstText(value) : undefined;
      if (text !== undefined) return text;
    }
    return undefined;
  }
  // One pass over what is a handful of names, without a list of them: this runs once for every request.
  for (const key in headers) {
    if (key.length === name.length && key.toLowerCase() === name) {
      const text = firstText((headers as { readonly [name: string]: unknown })[key]);
      if (text !== undefined) return text;
    }
  }
  return undefined;
}

/** The names of all headers, in lower case; undefined where they cannot be listed. */
export function headerNames(headers: HttpHeaders | null | undefined): string[] | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  if (isFlat(headers)) return headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  if (Symbol.iterator in headers) {
    return [...(headers as Iterable<readonly [string, unknown]>)].map(([name]) => String(name).toLowerCase());
  }
  return hasGet(headers) ? undefined : Object.keys(headers).map((name) => name.toLowerCase());
}

function hasGet(headers: object): headers is { get(name: string): unknown } {
  return typeof (headers as { readonly get?: unknown }).get === 'function';
}

function isFlat(headers: object): headers is readonly string[] {
  return Array.isArray(headers) && typeof headers[0] === 'string';
}

function firstText(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return first === undefined || first === null ? undefined : String(first);
}

/** All values of one header, in order. A `Headers` joins them to one. */
export function headerValues(headers: HttpHeaders | null | undefined, name: string): string[] {
  if (typeof headers !== 'object' || headers === null) return [];
  if (hasGet(headers) && !(headers instanceof Map)) return texts(headers.get(name));
  const found: string[] = [];
  for (const [key, value] of pairsOf(headers)) if (key.toLowerCase() === name) found.push(...texts(value));
  return found;
}

function pairsOf(headers: HttpHeaders): Iterable<readonly [string, unknown]> {
  if (isFlat(headers)) {
    const names = headers.filter((_, at) => at % 2 === 0);
    return names.map((name, index) => [name, headers[index * 2 + 1]]);
  }
  if (Symbol.iterator in headers) return headers as Iterable<readonly [string, unknown]>;
  return Object.entries(headers);
}

function texts(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => one !== undefined && one !== null).map(String);
}
