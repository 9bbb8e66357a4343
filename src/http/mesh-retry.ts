import { URLSearchParams } from 'node:url';
import { type Dispatcher, Dispatcher1Wrapper } from 'undici';
import { DeadlineQueue } from './deadline-queue.ts';
import { Exchange } from './exchange.ts';
import { type MeshRetryOptions, type RetrySettings, retrySettings } from './options.ts';
import { largeBody } from './paced-body.ts';
import { encodeForm, encodePairs, isFormData, isRepeatable, replayableBody } from './request-body.ts';
import { type RequestHeaders, withHeader } from './request-headers.ts';
import { OriginLoads } from './retry-budget.ts';
import { RetryHandler } from './retry-handler.ts';

/** What a single request may say, beside undici's own options. */
export interface MeshDispatchOptions {
  /** For this request alone. */
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
    const retry: Dispatcher.Dispatch = (request, handler) =>
      handler.onRequestStart === undefined
        ? older.dispatch(request, handler)
        : retrying(dispatch, request, handler, client);
    // The fetch of Node 22 and 24 calls dispatchers by an interface that undici has given up since.
    const older = new Dispatcher1Wrapper({ dispatch: retry } as Dispatcher);
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
  request: Dispatcher.DispatchOptions & MeshDispatchOptions,
  handler: Dispatcher.DispatchHandler,
  client: Client,
): boolean {
  const { body, origin } = request;
  // A tunnel or an upgrade hands out a socket: there is no reply to judge, and nothing to replay.
  if (request.upgrade || request.method === 'CONNECT' || origin === undefined) return dispatch(request, handler);

  const { loads, deadlines } = client;
  const settings =
    request.meshRetry === undefined ? client.settings : retrySettings(request.meshRetry, client.settings);
  const exchange = new Exchange(
    {
      method: request.method,
      origin: typeof origin === 'string' ? origin : origin.origin,
      path: request.path,
      headers: request.headers as RequestHeaders,
      idempotent: request.idempotent,
    },
    settings,
    loads,
  );
  const run = (options: Dispatcher.DispatchOptions) => {
    // Most requests have no body or a short one: for them nothing more is made than they need.
    const asItIs = isRepeatable(options.body) && largeBody(options.body) === undefined;
    const replay = asItIs ? undefined : replayableBody(options.body);
    return new RetryHandler(dispatch, options, replay, handler, settings, exchange, deadlines).run();
  };
  if (isFormData(body)) {
    encodeForm(body).then(
      ({ bytes, contentType }) => run({ ...withHeader(request, 'content-type', contentType), body: bytes }),
      (error: Error) => {
        exchange.end();
        handler.onResponseError?.(null as never, error);
      },
    );
    return true;
  }
  if (body instanceof URLSearchParams) {
    const { text, contentType } = encodePairs(body);
    return run({ ...withHeader(request, 'content-type', contentType), body: text });
  }
  return run(request);
}
