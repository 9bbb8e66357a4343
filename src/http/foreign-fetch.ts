import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { FetchAttempt, FetchTransport } from './fetch-attempt.ts';
import type { FetchRequest } from './fetch-request.ts';
import { provesNeverSent } from './network-error.ts';
import { isWrittenAtOnce, paced } from './paced-body.ts';
import { isRepeatable } from './request-body.ts';
import type { WrittenTrace } from './traced-dispatcher.ts';

/** A `fetch` of Node's, of a test or of another package. */
export type AnyFetch = (url: string, init: never) => Promise<unknown>;

/**
 * Makes attempts with a `fetch` that is not this library's.
 *
 * How far an attempt got, undici tells on its diagnostics channels, Node's own too. Any other `fetch` tells nothing: then the error alone
 * must prove that nothing was sent, and it proves that only where no redirect can have been followed before.
 *
 * @param dispatcher handed on, for a `fetch` that takes one
 */
export function foreignFetch(fetch: AnyFetch, dispatcher: unknown): FetchTransport {
  return (request, body, signal): FetchAttempt => {
    // Nothing is known yet, and then the worst is taken for true.
    const trace: WrittenTrace = { wasSent: true, bodySent: false, redirected: false, error: undefined };
    const told = { trace, requests: 0, isPaced: isWrittenAtOnce(body) || !isRepeatable(body) };
    const init = {
      ...request.init,
      headers: Object.fromEntries(request.headers),
      body: isRepeatable(body) ? body : paced(body as AsyncIterable<unknown>),
      signal,
      ...(dispatcher === undefined ? {} : { dispatcher }),
    };
    const pending = watched().run(told, async () => fetch(request.url, init as never));
    const response = orAborted(pending as Promise<Response>, signal);
    return { trace, response: judged(response, request, body, told) };
  };
}

interface Told {
  readonly trace: WrittenTrace;
  /** Requests that undici made for this attempt: more than one where it followed a redirect. */
  requests: number;
  /** The body is handed to the socket in pieces, so that its end is known. */
  readonly isPaced: boolean;
}

async function judged(
  response: Promise<Response>,
  request: FetchRequest,
  body: unknown,
  told: Told,
): Promise<Response> {
  const { trace } = told;
  try {
    const reply = await response;
    if (told.requests === 0) trace.bodySent = isWrittenAtOnce(body);
    return reply;
  } catch (error) {
    // fetch wraps the error that counts.
    const { cause = error } = (error ?? {}) as { readonly cause?: unknown };
    trace.error = cause as Error;
    const { redirect = 'follow' } = request.init;
    if (told.requests === 0 && redirect !== 'follow' && provesNeverSent(cause)) trace.wasSent = false;
    throw error;
  }
}

/** What comes of it, or the signal's reason when that is aborted first: not every `fetch` heeds one. */
function orAborted<Value>(pending: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    // A signal that follows others is kept for as long as somebody listens to it.
    pending.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

let watch: AsyncLocalStorage<Told> | undefined;

/** The attempt that an event of undici belongs to, by the chain of calls that led to it. Listens from the first use on. */
function watched(): AsyncLocalStorage<Told> {
  if (watch !== undefined) return watch;
  const attempts = new AsyncLocalStorage<Told>();
  const byRequest = new WeakMap<object, Told>();
  const on = (name: string, hear: (request: object) => void) =>
    subscribe(name, (message) => hear((message as { readonly request: object }).request));
  on('undici:request:create', (request) => {
    const told = attempts.getStore();
    if (told === undefined) return;
    byRequest.set(request, told);
    told.requests += 1;
    const { trace } = told;
    trace.redirected = told.requests > 1;
    if (told.requests === 1) trace.wasSent = false;
    trace.bodySent = false;
  });
  on('undici:client:sendHeaders', (request) => {
    const told = byRequest.get(request);
    if (told !== undefined) told.trace.wasSent = true;
  });
  on('undici:request:bodySent', (request) => {
    const told = byRequest.get(request);
    if (told !== undefined) told.trace.bodySent = told.isPaced && !told.trace.redirected;
  });
  watch = attempts;
  return attempts;
}
