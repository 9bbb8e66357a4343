import type { Dispatcher } from 'undici';
import type { AnyDispatcher, FetchBody, FetchInput } from './fetch-types.ts';
import type { MeshRetryOptions } from './mesh-retry-options.ts';
import { encodeForm, isForm, type ReplayableBody, replayableBody } from './request-body.ts';
import { undici } from './undici.ts';
import { isOfClass } from './web-class.ts';

/** What `fetch` takes, with any body that can be replayed or is sent once, and options of this library. */
export interface MeshFetchInit extends Omit<RequestInit, 'body' | 'dispatcher' | 'headers'> {
  /** Also an object whose values may be lists, such as the headers of a request that a server got. */
  readonly headers?: RequestInit['headers'] | HeaderLists | undefined;
  /** Also an async iterable, a Node stream, or a function that makes the body anew for each attempt. */
  readonly body?: FetchBody | (() => FetchBody) | null | undefined;
  /**
   * Where this request goes.
   *
   * Must be a Dispatcher of undici. Default: that of the other requests.
   */
  readonly dispatcher?: AnyDispatcher | undefined;
  /**
   * Whether this request may be done twice, whatever its method says.
   *
   * Must be true or false. Default: by the method and the idempotency key.
   */
  readonly idempotent?: boolean | undefined;
  /**
   * Options of retries for this request alone.
   *
   * Must be an object of retry options. Default: the options of the client.
   */
  readonly meshRetry?: MeshRetryOptions | undefined;
}

interface HeaderLists {
  readonly [name: string]: string | readonly string[] | undefined;
}

/** A request in the form that one attempt after the other is made from. */
export interface FetchRequest {
  readonly url: string;
  readonly method: string;
  /** Undefined when the URL is not an HTTP one. */
  readonly origin: string | undefined;
  readonly path: string;
  readonly headers: Headers;
  readonly idempotent: boolean | undefined;
  readonly body: ReplayableBody | undefined;
  /** For fetch, without the body. */
  readonly init: RequestInit;
}

/**
 * Reads the arguments of `fetch`. `input` may be a Request of Node or of undici: each `fetch` refuses the other's.
 *
 * @throws TypeError for an invalid URL
 */
export async function fetchRequest(input: FetchInput, given: MeshFetchInit = {}): Promise<FetchRequest> {
  const { body: givenBody, dispatcher: _, idempotent, meshRetry: __, ...rest } = given;
  const source = isRequest(input) ? input : undefined;
  const url = new URL(source === undefined ? String(input) : source.url);
  const headers = headersOf(rest.headers ?? source?.headers);
  const body = await sendable(givenBody === undefined ? source?.body : givenBody, headers);
  const method = (rest.method ?? source?.method ?? 'GET').toUpperCase();
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
  return {
    url: url.href,
    method,
    origin: isHttp ? url.origin : undefined,
    path: url.pathname + url.search,
    headers,
    idempotent,
    body: body === null || body === undefined ? undefined : replayableBody(body),
    init: {
      ...(source === undefined ? {} : requestInit(source)),
      ...rest,
      method,
      headers,
      duplex: 'half',
    } as RequestInit,
  };
}

/** Makes one attempt. */
export function fetchOnce(
  dispatcher: Pick<Dispatcher, 'dispatch'>,
  { url, init }: FetchRequest,
  body: unknown,
  signal: AbortSignal,
): Promise<Response> {
  // Undici's own types name its own classes; the values are the ones that the standard's types describe.
  const options = { ...init, body, signal, dispatcher };
  return undici().fetch(url, options as never) as unknown as Promise<Response>;
}

/** As `fetch` reads them, and as Node's own requests do: a value may be a list, and what is undefined is not sent. */
function headersOf(given: unknown): Headers {
  const { Headers: OwnHeaders } = undici();
  if (typeof given !== 'object' || given === null || Symbol.iterator in given)
    return new OwnHeaders(given as never) as never;
  const headers = new OwnHeaders();
  for (const [name, value] of Object.entries(given)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, one);
  }
  return headers as never;
}

/** Makes bodies that `fetch` would read only once, or encode differently each time, into text or bytes. */
async function sendable(given: unknown, headers: Headers): Promise<unknown> {
  if (!isForm(given)) return given;
  const { body, contentType } = await encodeForm(given);
  if (!headers.has('content-type')) headers.set('content-type', contentType);
  return body;
}

function requestInit(request: Request): RequestInit {
  const { redirect, signal, credentials, cache, integrity, keepalive, mode, referrer, referrerPolicy } = request;
  // `navigate` is what a browser does; a Request cannot be made with it.
  return { redirect, signal, credentials, cache, integrity, keepalive, referrer, referrerPolicy, mode } as RequestInit;
}

function isRequest(input: unknown): input is Request {
  return isOfClass(input, 'Request');
}
