import type { Dispatcher } from 'undici';

/** Request headers in any form that undici or fetch takes. */
export type RequestHeaders =
  | Iterable<readonly [string, string | readonly string[] | undefined]>
  | readonly string[]
  | { readonly [name: string]: unknown }
  | null
  | undefined;

/** The value of one request header; `name` in lower case. */
export function requestHeader(headers: RequestHeaders, name: string): string | undefined {
  if (headers === null || headers === undefined) return undefined;
  const { get } = headers as { readonly get?: unknown };
  if (typeof get === 'function') return (headers as Headers).get(name) ?? undefined;
  if (Array.isArray(headers) && typeof headers[0] === 'string') {
    for (let i = 0; i + 1 < headers.length; i += 2) {
      if (headers[i].toLowerCase() === name) return String(headers[i + 1]);
    }
    return undefined;
  }
  // One pass over what is a handful of names: this runs once for every request.
  if (Symbol.iterator in headers) {
    for (const [key, value] of headers as Iterable<readonly [string, unknown]>) {
      if (key.toLowerCase() === name) return textOf(value);
    }
    return undefined;
  }
  for (const key in headers) {
    if (key.length === name.length && key.toLowerCase() === name) {
      return textOf((headers as { readonly [name: string]: unknown })[key]);
    }
  }
  return undefined;
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? String(value[0]) : String(value);
}

/** The options of a request with one header more, unless the caller has set it. */
export function withHeader(
  request: Dispatcher.DispatchOptions,
  name: string,
  value: string,
): Dispatcher.DispatchOptions {
  const headers = request.headers as RequestHeaders;
  if (requestHeader(headers, name) !== undefined) return request;
  return { ...request, headers: [...flatHeaders(headers), name, value] };
}

function flatHeaders(headers: RequestHeaders): string[] {
  if (headers === null || headers === undefined) return [];
  if (Array.isArray(headers) && typeof headers[0] === 'string') return headers as string[];
  const pairs = Symbol.iterator in headers ? [...(headers as Iterable<[string, unknown]>)] : Object.entries(headers);
  return pairs.flatMap(([name, value]) =>
    value === undefined ? [] : (Array.isArray(value) ? value : [value]).flatMap((one) => [name, String(one)]),
  );
}
