import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

/** A reply that is held back until it is known whether the caller shall see it. */
export interface HeldReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly statusText: string | undefined;
  readonly chunks: Buffer[];
}

/** What an attempt tells the request that it belongs to. */
export interface DispatchAttemptOwner {
  readonly handler: Dispatcher.DispatchHandler;
  started(context: unknown): void;
  /** The reply to hold back, or whether it is passed on, or dropped unread since the request will be repeated anyway. */
  headArrived(
    attempt: DispatchAttempt,
    status: number,
    headers: IncomingHttpHeaders,
    statusText: string | undefined,
  ): HeldReply | 'pass' | 'drop';
  heldReplyComplete(attempt: DispatchAttempt, reply: HeldReply, trailers: IncomingHttpHeaders): void;
  replyComplete(trailers: IncomingHttpHeaders): void;
  attemptFailed(attempt: DispatchAttempt, error: Error, aborted: boolean): void;
}

// A reply that is dropped is read to its end so that the connection can be used again, unless it goes on for longer than a new one costs.
const drainLimit = 64 * 1024;

/** One dispatch. Each has an object of its own: what a connection reports late, of an attempt that was cut off, must not meet the next. */
export class DispatchAttempt implements Dispatcher.DispatchHandler {
  controller: Dispatcher.DispatchController | undefined;
  /** The head of the request may have left. */
  wasSent = false;
  /** The whole request has been written, but for what one buffer of the socket may still hold. Never said of a request that was redirected. */
  bodySent = false;
  /** More than one request was made: a dispatcher below follows redirects. */
  redirected = false;
  /** Cut off, or its outcome is decided: nothing that comes later counts. */
  over = false;
  readonly #owner: DispatchAttemptOwner;
  #held: HeldReply | undefined;
  #mode: 'waiting' | 'pass' | 'drop' = 'waiting';
  #drained = 0;

  constructor(owner: DispatchAttemptOwner) {
    this.#owner = owner;
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    if (this.over) {
      // Nothing is written for a request that is aborted here.
      controller.abort(new Error('the attempt was cut off while it waited for a connection'));
      return;
    }
    this.controller = controller;
    // A dispatcher below may follow redirects: then a reply is about the last request alone, and the first has been answered.
    this.redirected = this.wasSent;
    this.wasSent = true;
    this.#owner.started(context);
  }

  onBodySent(chunk: Buffer): void {
    if (!this.over) this.#owner.handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.bodySent = !this.redirected;
    if (!this.over) this.#owner.handler.onRequestSent?.();
  }

  onResponseStarted(): void {
    if (!this.over) this.#owner.handler.onResponseStarted?.();
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    statusText?: string,
  ): void {
    if (this.over) return;
    const outcome = this.#owner.headArrived(this, status, headers, statusText);
    if (typeof outcome === 'string') this.#mode = outcome;
    else this.#held = outcome;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.over) return;
    if (this.#mode === 'pass') {
      this.#owner.handler.onResponseData?.(this.#owner as unknown as Dispatcher.DispatchController, chunk);
    } else if (this.#held !== undefined) {
      this.#held.chunks.push(chunk);
    } else {
      this.#drained += chunk.length;
      if (this.#drained > drainLimit)
        controller.abort(new Error('the reply to an attempt that will be repeated is too long to be read to its end'));
    }
  }

  onResponseEnd(_: unknown, trailers: IncomingHttpHeaders): void {
    if (this.over) return;
    this.over = true;
    if (this.#mode === 'pass') this.#owner.replyComplete(trailers);
    else if (this.#held !== undefined) this.#owner.heldReplyComplete(this, this.#held, trailers);
  }

  onResponseError(controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.over || this.#mode === 'drop') return;
    this.over = true;
    this.#owner.attemptFailed(this, error, controller?.aborted ?? false);
  }
}
