import type { Dispatcher } from 'undici';
import { DeadlineQueue } from './deadline-queue.ts';
import { Exchange } from './exchange.ts';
import { type MeshRetryOptions, type RetrySettings, retrySettings } from './options.ts';
import { largeBody, paced } from './paced-body.ts';
import { encodeForm, isFormData, isRepeatable, type ReplayableBody, replayableBody } from './request-body.ts';
import { type RequestHeaders, requestHeader } from './request-headers.ts';
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
  return (dispatch) => (request, handler) => retrying(dispatch, request, handler, client);
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
  // Most requests have no body: for them nothing more is made than they need.
  if (body === undefined || body === null) {
    return new RetryHandler(dispatch, request, undefined, handler, settings, exchange, deadlines).run();
  }
  const run = (options: Dispatcher.DispatchOptions, replay: ReplayableBody | undefined) =>
    new RetryHandler(dispatch, options, replay, handler, settings, exchange, deadlines).run();
  const runBytes = (options: Dispatcher.DispatchOptions) => {
    const large = largeBody(options.body);
    if (large === undefined) return run(options, undefined);
    const replay = { next: () => paced([large]), canReplay: () => true };
    return run(withHeader(options, 'content-length', String(large.byteLength)), replay);
  };
  if (isRepeatable(body)) return runBytes(request);
  if (!isFormData(body)) return run(request, replayableBody(body));
  encodeForm(body).then(
    ({ bytes, contentType }) => runBytes({ ...withHeader(request, 'content-type', contentType), body: bytes }),
    (error: Error) => {
      exchange.end();
      handler.onResponseError?.(null as never, error);
    },
  );
  return true;
}

function withHeader(request: Dispatcher.DispatchOptions, name: string, value: string): Dispatcher.DispatchOptions {
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
