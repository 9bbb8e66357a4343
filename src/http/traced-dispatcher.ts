import type { Dispatcher } from 'undici';
import { networkFault } from './network-error.ts';
import { withPacedBody } from './paced-body.ts';

/** What is known of one call of `fetch`, over all the requests that its redirects make. */
export interface Trace {
  /** The head of a request may have left. */
  wasSent: boolean;
  /** The request has been written whole. Never said of one that was redirected: a reply is then about the last request alone. */
  bodySent: boolean;
  /** More than one request was made. */
  redirected: boolean;
  /** Set when the caller has the reply: makes the error for one that breaks off. */
  brokenReply: ((cause: Error) => Error) | undefined;
}

/** A dispatcher for one call of `fetch` that notes how far it got: `fetch` itself does not tell. */
export function traced(dispatcher: Dispatcher, trace: Trace): Pick<Dispatcher, 'dispatch'> & Dispatcher {
  const dispatch: Dispatcher.Dispatch = (options, handler) => {
    trace.redirected = trace.wasSent;
    trace.bodySent = false;
    const { body } = options;
    // Under fetch every body is an iterable, and one of bytes a single long chunk.
    const paced = body === null || body === undefined ? options : withPacedBody(options, body);
    return dispatcher.dispatch(paced, new TracingHandler(handler, trace));
  };
  return { dispatch } as Dispatcher;
}

class TracingHandler implements Dispatcher.DispatchHandler {
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #trace: Trace;

  constructor(handler: Dispatcher.DispatchHandler, trace: Trace) {
    this.#handler = handler;
    this.#trace = trace;
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
    const { brokenReply } = this.#trace;
    const isBroken = brokenReply !== undefined && !controller?.aborted && networkFault(error) !== undefined;
    this.#handler.onResponseError?.(controller, isBroken ? brokenReply(error) : error);
  }
}
