import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { DeadlineEntry, DeadlineQueue } from './deadline-queue.ts';
import type { Failure } from './decide.ts';
import { DispatchAttempt, type DispatchAttemptOwner, type HeldReply } from './dispatch-attempt.ts';
import type { Exchange } from './exchange.ts';
import { networkFailure, replyFailure } from './failures.ts';
import { hasShortBody, isSuspect } from './held-reply.ts';
import { withPacedBody } from './paced-body.ts';
import type { ReplayableBody } from './request-body.ts';
import { MeshAttemptTimeoutError, MeshReplyError } from './request-errors.ts';
import { withHeaders } from './with-header.ts';

/**
 * One request of a dispatcher: makes the attempts and passes the final reply on.
 *
 * It is also the controller that the caller's handler gets, once, for the life of the request: each attempt has its own, and a caller that
 * held the first one could abort neither a pause nor a later attempt.
 */
export class RetryHandler implements DispatchAttemptOwner, Dispatcher.DispatchController {
  readonly handler: Dispatcher.DispatchHandler;
  readonly #dispatch: Dispatcher.Dispatch;
  readonly #options: Dispatcher.DispatchOptions;
  readonly #body: ReplayableBody | undefined;
  readonly #exchange: Exchange;
  readonly #deadlines: DeadlineQueue;
  #attempt = new DispatchAttempt(this);
  #introduced = false;
  #headPassed = false;
  #done = false;
  #abortReason: Error | null = null;
  #pause: NodeJS.Timeout | undefined;
  #deadline: DeadlineEntry | undefined;
  #ownDeadline: NodeJS.Timeout | undefined;
  #attemptLimit: NodeJS.Timeout | undefined;

  constructor(
    dispatch: Dispatcher.Dispatch,
    options: Dispatcher.DispatchOptions,
    /** Undefined when the options can be dispatched again as they are. */
    body: ReplayableBody | undefined,
    handler: Dispatcher.DispatchHandler,
    exchange: Exchange,
    /** For deadlines as long as the client's own. */
    deadlines: DeadlineQueue,
  ) {
    this.#dispatch = dispatch;
    this.#options = options;
    this.#body = body;
    this.handler = handler;
    this.#exchange = exchange;
    this.#deadlines = deadlines;
  }

  run(): boolean {
    const { deadlineMs, startedAt } = this.#exchange;
    if (deadlineMs === Number.POSITIVE_INFINITY) return this.#try();
    if (deadlineMs === this.#deadlines.durationMs) {
      this.#deadline = this.#deadlines.add(this, startedAt);
    } else {
      // The connection keeps the process alive while there is something to wait for; this timer must not.
      this.#ownDeadline = setTimeout(() => this.expire(), deadlineMs).unref();
    }
    return this.#try();
  }

  #try(): boolean {
    const attempt = this.#attempt;
    this.#exchange.attempts += 1;
    const { attemptTimeoutMs } = this.#exchange.settings;
    if (attemptTimeoutMs !== Number.POSITIVE_INFINITY) {
      this.#attemptLimit = setTimeout(() => this.#cutOff(attempt), attemptTimeoutMs).unref();
    }
    try {
      const options = this.#body === undefined ? this.#options : withPacedBody(this.#options, this.#body.next());
      const { span } = this.#exchange;
      if (span === undefined) return this.#dispatch(options, attempt);
      return span.run(() => this.#dispatch(withHeaders(options, span.headers), attempt));
    } catch (error) {
      // What the caller's own body throws: in a retry nobody stands above to catch it.
      attempt.over = true;
      this.#fail(error as Error);
      return true;
    }
  }

  started(context: unknown): void {
    this.#introduce(context);
  }

  headArrived(
    attempt: DispatchAttempt,
    status: number,
    headers: IncomingHttpHeaders,
    statusText: string | undefined,
  ): HeldReply | 'pass' | 'drop' {
    if (isSuspect(status, headers, this.#exchange.settings)) {
      const reply: HeldReply = { status, headers, statusText, chunks: [] };
      if (hasShortBody(this.#options.method, headers)) return reply;
      if (this.#judge(attempt, reply, undefined) === 'drop') return 'drop';
    }
    if (status >= 200) this.#passHead(status);
    this.handler.onResponseStart?.(this, status, headers, statusText);
    return 'pass';
  }

  heldReplyComplete(attempt: DispatchAttempt, reply: HeldReply, trailers: IncomingHttpHeaders): void {
    const verdict = this.#judge(attempt, reply, Buffer.concat(reply.chunks).toString('utf8'));
    if (verdict === 'drop') return;
    this.#passHead(reply.status);
    this.handler.onResponseStart?.(this, reply.status, reply.headers, reply.statusText);
    // The caller may abort in each of these calls.
    for (const chunk of reply.chunks) if (!this.#done) this.handler.onResponseData?.(this, chunk);
    if (!this.#done) this.replyComplete(trailers);
  }

  replyComplete(trailers: IncomingHttpHeaders): void {
    this.#done = true;
    this.handler.onResponseEnd?.(this, trailers);
  }

  attemptFailed(attempt: DispatchAttempt, error: Error, aborted: boolean): void {
    const failure = aborted ? undefined : networkFailure(error, attempt);
    if (failure === undefined) this.#fail(error);
    else if (this.#headPassed) this.#fail(this.#exchange.brokenReply(error));
    else if (!this.#retryAfter(failure, error)) this.#fail(this.#exchange.networkError(error));
  }

  #passHead(status: number): void {
    this.#headPassed = true;
    this.#exchange.span?.replied(status);
    this.#finish();
  }

  /** Decides about a reply that is a failure; `drop`: the caller never sees it. */
  #judge(attempt: DispatchAttempt, { status, headers }: HeldReply, body: string | undefined): 'pass' | 'drop' {
    const failure = replyFailure(status, headers, body, attempt.bodySent);
    if (this.#retryAfter(failure, undefined)) return 'drop';
    if (this.#exchange.settings.failedReplies === 'return') return 'pass';
    this.#fail(new MeshReplyError(this.#exchange.summary(), { status, headers, body }));
    return 'drop';
  }

  #retryAfter(failure: Failure, cause: Error | undefined): boolean {
    const decision = this.#exchange.failed(failure, cause, this.#body?.canReplay() ?? true);
    if (!decision.retry) return false;
    clearTimeout(this.#attemptLimit);
    // The caller gets its controller now, so that it can abort the pause.
    this.#introduce(null);
    // Not unref'd: somebody awaits this request, and a process must not end because its only work is paused.
    if (!this.#done) this.#pause = setTimeout(() => this.#tryAgain(), decision.pauseMs);
    return true;
  }

  #tryAgain(): void {
    this.#attempt = new DispatchAttempt(this);
    this.#try();
  }

  #introduce(context: unknown): void {
    if (this.#introduced) return;
    this.#introduced = true;
    this.handler.onRequestStart?.(this, context);
  }

  #cutOff(attempt: DispatchAttempt): void {
    attempt.over = true;
    const error = new MeshAttemptTimeoutError(this.#exchange.settings.attemptTimeoutMs);
    attempt.controller?.abort(error);
    this.attemptFailed(attempt, error, false);
  }

  expire(): void {
    const error = this.#exchange.expired(!this.#attempt.over && this.#attempt.wasSent);
    this.#stopAttempt(error);
    this.#fail(error);
  }

  #stopAttempt(reason: Error): void {
    const attempt = this.#attempt;
    if (attempt.over) return;
    attempt.over = true;
    attempt.controller?.abort(reason);
  }

  #fail(error: Error): void {
    if (this.#done) return;
    this.#done = true;
    this.#exchange.span?.failed(error);
    this.#finish();
    this.#body?.discard();
    this.handler.onResponseError?.(this, error);
  }

  #finish(): void {
    if (this.#deadline !== undefined) this.#deadlines.remove(this.#deadline);
    // Calls into the timers cost even where there is nothing to clear.
    if (this.#ownDeadline !== undefined) clearTimeout(this.#ownDeadline);
    if (this.#attemptLimit !== undefined) clearTimeout(this.#attemptLimit);
    if (this.#pause !== undefined) clearTimeout(this.#pause);
    this.#exchange.end();
  }

  // The controller of the caller's handler.

  abort(reason: Error): void {
    if (this.#done) return;
    this.#abortReason = reason;
    this.#stopAttempt(reason);
    this.#fail(reason);
  }

  pause(): void {
    this.#attempt.controller?.pause();
  }

  resume(): void {
    this.#attempt.controller?.resume();
  }

  get aborted(): boolean {
    return this.#abortReason !== null || (this.#attempt.controller?.aborted ?? false);
  }

  get paused(): boolean {
    return this.#attempt.controller?.paused ?? false;
  }

  get reason(): Error | null {
    return this.#abortReason ?? this.#attempt.controller?.reason ?? null;
  }

  get rawHeaders(): NonNullable<Dispatcher.DispatchController['rawHeaders']> | null {
    return this.#attempt.controller?.rawHeaders ?? null;
  }

  get rawTrailers(): NonNullable<Dispatcher.DispatchController['rawTrailers']> | null {
    return this.#attempt.controller?.rawTrailers ?? null;
  }
}
