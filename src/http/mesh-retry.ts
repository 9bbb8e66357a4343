import type { Dispatcher } from 'undici';
import { DeadlineQueue } from './deadline-queue.ts';
import { Exchange, type RequestFacts } from './exchange.ts';
import type { MeshRetryOptions } from './mesh-retry-options.ts';
import { type RetrySettings, requestSettings, retrySettings } from './options.ts';
import { largeBody } from './paced-body.ts';
import { encodeForm, isForm, isRepeatable, type ReplayableBody, replayableBody } from './request-body.ts';
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
  const settings = retrySettings(options);
  const client = { settings, loads: new OriginLoads(), deadlines: new DeadlineQueue(settings.deadlineMs) };
  return (dispatch) => {
    let older: Dispatcher | undefined;
    const retry: Dispatcher.Dispatch = (request, handler) => {
      if (handler.onRequestStart !== undefined) return retrying(dispatch, request, handler, client);
      // The fetch of Node 22 and 24 calls dispatchers by an interface that undici has given up since.
      older ??= new (undici().Dispatcher1Wrapper)({ dispatch: retry } as Dispatcher);
      return older.dispatch(request, handler);
    };
    return retry;
  };
}

/** What all requests of one client share. */
interface Client {
  readonly settings: RetrySettings;
  readonly loads: OriginLoads;
  readonly deadlines: DeadlineQueue;
}

function retrying(
  dispatch: Dispatcher.Dispatch,
  request: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
  client: Client,
): boolean {
  const { body, origin } = request;
  // A tunnel or an upgrade hands out a socket: there is no reply to judge, and nothing to replay.
  if (request.upgrade || request.method === 'CONNECT' || origin === undefined) return dispatch(request, handler);
  // Most requests have no body: for them nothing more is made than they need.
  let replay: ReplayableBody | undefined;
  if (body) {
    if (isForm(body)) return retryingForm(dispatch, request, body, handler, client);
    if (!isRepeatable(body) || Array.isArray(body) || largeBody(body) !== undefined) replay = replayableBody(body);
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
  client: Client,
): boolean {
  encodeForm(form)
    .then(({ body, contentType }) => {
      const encoded = { ...withHeader(request, 'content-type', contentType), body };
      retrying(dispatch, encoded, handler, client);
    })
    .catch((error: Error) => handler.onResponseError?.(null as never, error));
  return true;
}
