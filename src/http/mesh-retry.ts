import type { Dispatcher } from 'undici';
import { anyUndici } from './any-undici.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { Exchange, type RequestFacts } from './exchange.ts';
import type { MeshRetryOptions } from './mesh-retry-options.ts';
import { type RetrySettings, requestSettings, retrySettings } from './options.ts';
import { isWrittenAtOnce } from './paced-body.ts';
import { encodeForm, isForm, type ReplayableBody, replayableBody } from './request-body.ts';
import { OriginLoads } from './retry-budget.ts';
import { RetryHandler } from './retry-handler.ts';
import { undici } from './undici.ts';
import { withHeader } from './with-header.ts';

declare module 'undici' {
  namespace Dispatcher {
    interface DispatchOptions extends MeshDispatchOptions {}
  }
}

/** What a single request may say, beside undici's own options. */
export interface MeshDispatchOptions {
  /**
   * Options of retries for this request alone.
   *
   * Must be an object of retry options. Default: the options of the client.
   */
  readonly meshRetry?: MeshRetryOptions | undefined;
}

/**
 * An interceptor for `dispatcher.compose(...)` that repeats only what is safe to repeat. Put it first, so that what is composed after it
 * (logging, redirects) stays outside of the retries.
 *
 * Undici's own `idempotent` option of a request says whether that request may be done twice, whatever its method.
 *
 * @throws MeshOptionError for a wrong option
 */
export function meshRetry(options?: MeshRetryOptions): Dispatcher.DispatcherComposeInterceptor {
  const client = createRetryClient(retrySettings(options));
  // Nothing tells of which version of undici a dispatch is.
  return (dispatch) => retryingDispatch(anyUndici(dispatch), client);
}

/** What all requests of one client share. */
export interface RetryClient {
  readonly settings: RetrySettings;
  readonly loads: OriginLoads;
  readonly deadlines: DeadlineQueue;
}

export function createRetryClient(settings: RetrySettings): RetryClient {
  return { settings, loads: new OriginLoads(), deadlines: new DeadlineQueue(settings.deadlineMs) };
}

/** A dispatch, of the undici of this library, with retries. */
export function retryingDispatch(dispatch: Dispatcher.Dispatch, client: RetryClient): Dispatcher.Dispatch {
  let older: Dispatcher | undefined;
  const retry: Dispatcher.Dispatch = (request, handler) => {
    if (handler.onRequestStart !== undefined) return retrying(dispatch, request, handler, client);
    if (!('onConnect' in handler)) {
      throw new TypeError(
        'the handler of a request has neither onRequestStart, which undici 7 and 8 call, nor onConnect, which undici 6 calls: it is of no undici that mesh-shim works with',
      );
    }
    // The fetch of Node 22 and 24 calls dispatchers by an interface that undici has given up since.
    older ??= new (undici().Dispatcher1Wrapper)({ dispatch: retry } as Dispatcher);
    return older.dispatch(request, handler);
  };
  return retry;
}

function retrying(
  dispatch: Dispatcher.Dispatch,
  request: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
  client: RetryClient,
): boolean {
  const { body, origin } = request;
  // A tunnel or an upgrade hands out a socket: there is no reply to judge, and nothing to replay.
  if (request.upgrade || request.method === 'CONNECT' || origin === undefined) return dispatch(request, handler);
  // Most requests have no body: for them nothing more is made than they need.
  let replay: ReplayableBody | undefined;
  if (body) {
    if (isForm(body)) return retryingForm(dispatch, request, body, handler, client);
    if (!isWrittenAtOnce(body)) replay = replayableBody(body);
  }
  const { meshRetry: own } = request;
  const settings = requestSettings(own, client.settings);
  const facts = typeof origin === 'string' ? request : { ...request, origin: origin.origin };
  const exchange = new Exchange(facts as RequestFacts, settings, client.loads);
  return new RetryHandler(dispatch, request, replay, handler, exchange, client.deadlines).run();
}

function retryingForm(
  dispatch: Dispatcher.Dispatch,
  request: Dispatcher.DispatchOptions,
  form: FormData | URLSearchParams,
  handler: Dispatcher.DispatchHandler,
  client: RetryClient,
): boolean {
  encodeForm(form)
    .then(({ body, contentType }) => {
      const encoded = { ...withHeader(request, 'content-type', contentType), body };
      retrying(dispatch, encoded, handler, client);
    })
    .catch((error: Error) => handler.onResponseError?.(null as never, error));
  return true;
}
