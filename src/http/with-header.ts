import type { Dispatcher } from 'undici';
import { type HttpHeaders, headerValue } from '../mesh/replies/header-value.ts';

/** The options of a request with one header more, unless the caller has set it. `name` in lower case. */
export function withHeader(
  request: Dispatcher.DispatchOptions,
  name: string,
  value: string,
): Dispatcher.DispatchOptions {
  const headers = request.headers as HttpHeaders | null | undefined;
  if (headerValue(headers, name) !== undefined) return request;
  return { ...request, headers: [...flatHeaders(headers), name, value] };
}

/** With several headers more; those that the caller has set stay. */
export function withHeaders(
  request: Dispatcher.DispatchOptions,
  headers: Readonly<Record<string, string>>,
): Dispatcher.DispatchOptions {
  return Object.entries(headers).reduce((options, [name, value]) => withHeader(options, name, value), request);
}

function flatHeaders(headers: HttpHeaders | null | undefined): string[] {
  if (headers === null || headers === undefined) return [];
  if (Array.isArray(headers) && typeof headers[0] === 'string') return headers as string[];
  const pairs = Symbol.iterator in headers ? [...(headers as Iterable<[string, unknown]>)] : Object.entries(headers);
  return pairs.flatMap(([name, value]) =>
    value === undefined ? [] : (Array.isArray(value) ? value : [value]).flatMap((one) => [name, String(one)]),
  );
}
