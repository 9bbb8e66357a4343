import type { Dispatcher } from 'undici';
import type { Progress } from './failures.ts';
import { networkFault } from './network-error.ts';
import { withPacedBody } from './paced-body.ts';

/** How far one call of `fetch` got, over all the requests that its redirects make: `fetch` itself does not tell. */
export interface Trace extends Progress {
  /** The request has been written whole. Never said of one that was redirected: a reply is then about the last request alone. */
  readonly bodySent: boolean;
  /** What a dispatcher has failed with. All else that `fetch` fails with is its own: an address it does not take, a redirect too many. */
  readonly error: Error | undefined;
}

/** A trace while it is made. */
export type WrittenTrace = { -readonly [Name in keyof Trace]: Trace[Name] };

/** What `fetch` needs of a dispatcher. */
type FetchDispatcher = Pick<Dispatcher, 'dispatch'>;

/**
 * A dispatcher for one call of `fetch` that notes how far it got.
 *
 * @param shown what `fetch` is told in place of an error of the network
 * @param blob the body, where it is one: `fetch` makes a stream of it
 */
export function traced(
  dispatcher: FetchDispatcher,
  shown: (cause: Error) => Error,
  blob?: Blob,
): { readonly dispatcher: FetchDispatcher; readonly trace: Trace } {
  const trace: WrittenTrace = { wasSent: false, bodySent: false, redirected: false, error: undefined };
  const dispatch: Dispatcher.Dispatch = (options, handler) => {
    trace.redirected = trace.wasSent;
    trace.bodySent = false;
    const { body } = options;
    // Under fetch every body is an iterable, and one of bytes a single long chunk.
    const paced = body === null || body === undefined ? options : withPacedBody(options, blob ?? body);
    return dispatcher.dispatch(paced, new TracingHandler(handler, trace, shown));
  };
  return { dispatcher: { dispatch }, trace };
}

class TracingHandler implements Dispatcher.DispatchHandler {
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #trace: WrittenTrace;
  readonly #shown: (cause: Error) => Error;

  constructor(handler: Dispatcher.DispatchHandler, trace: WrittenTrace, shown: (cause: Error) => Error) {
    this.#handler = handler;
    this.#trace = trace;
    this.#shown = shown;
  }

  onRequestStart(...args: Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestStart']>>): void {
    this.#trace.wasSent = true;
    this.#handler.onRequestStart?.(...args);
  }

  onRequestSent(): void {
    this.#trace.bodySent = !this.#trace.redirected;
    this.#handler.onRequestSent?.();
  }

  onBodySent(chunk: Buffer): void {
    this.#handler.onBodySent?.(chunk);
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.();
  }

  onResponseStart(...args: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>): void {
    this.#handler.onResponseStart?.(...args);
  }

  onResponseData(...args: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseData']>>): void {
    this.#handler.onResponseData?.(...args);
  }

  onResponseEnd(...args: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseEnd']>>): void {
    this.#handler.onResponseEnd?.(...args);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    this.#trace.error = error;
    const isNetworks = !controller?.aborted && networkFault(error) !== undefined;
    this.#handler.onResponseError?.(controller, isNetworks ? this.#shown(error) : error);
  }
}
