import { pause } from '../shared/pause.ts';
import type { Decision } from './decide.ts';
import type { Exchange } from './exchange.ts';
import { networkFailure, replyFailure } from './failures.ts';
import type { FetchTransport } from './fetch-attempt.ts';
import type { FetchRequest } from './fetch-request.ts';
import { hasShortBody, isSuspect } from './held-reply.ts';
import { MeshAttemptTimeoutError, MeshReplyError } from './request-errors.ts';
import type { Trace } from './traced-dispatcher.ts';

type Retry = Decision & { retry: true };

/** One request of `fetch` from its first attempt to its final reply. */
export class RetryingFetch {
  readonly #transport: FetchTransport;
  readonly #request: FetchRequest;
  readonly #exchange: Exchange;
  readonly #deadline = new AbortController();
  /** The caller has the reply. */
  #delivered = false;

  constructor(transport: FetchTransport, request: FetchRequest, exchange: Exchange) {
    this.#transport = transport;
    this.#request = request;
    this.#exchange = exchange;
  }

  async run(): Promise<Response> {
    const { deadlineMs } = this.#exchange;
    const timer =
      deadlineMs === Number.POSITIVE_INFINITY ? undefined : setTimeout(() => this.#deadline.abort(), deadlineMs);
    timer?.unref();
    try {
      for (;;) {
        const outcome = await this.#attempt();
        if (!('pauseMs' in outcome)) {
          this.#delivered = true;
          this.#exchange.span?.replied(outcome.status);
          return outcome;
        }
        await pause(outcome.pauseMs, this.#signals()).catch(() => this.#throwIfOver(false));
      }
    } catch (error) {
      this.#exchange.span?.failed(error);
      this.#request.body?.discard();
      throw error;
    } finally {
      clearTimeout(timer);
      this.#exchange.end();
    }
  }

  /** The final reply, or the decision to go on. Throws what surfaces. */
  async #attempt(): Promise<Response | Retry> {
    const { attemptTimeoutMs } = this.#exchange.settings;
    this.#exchange.attempts += 1;
    // What this throws is the caller's, not the network's.
    const body = this.#request.body?.next();
    const limit = new AbortController();
    const timer =
      attemptTimeoutMs === Number.POSITIVE_INFINITY
        ? undefined
        : setTimeout(() => limit.abort(new MeshAttemptTimeoutError(attemptTimeoutMs)), attemptTimeoutMs);
    timer?.unref();
    const signal = AbortSignal.any([...this.#signals(), limit.signal]);
    const { response, trace } = this.#within(() =>
      this.#transport(this.#request, body, signal, (cause) => this.#shown(cause)),
    );
    try {
      return await this.#judge(await response, trace);
    } catch (error) {
      return this.#surfaceOrRetry(error, limit.signal, trace);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Makes an attempt as a part of the request's span, where there is one. */
  #within<Result>(attempt: () => Result): Result {
    const { span } = this.#exchange;
    if (span === undefined) return attempt();
    const { headers } = this.#request;
    for (const [name, value] of Object.entries(span.headers)) if (!headers.has(name)) headers.set(name, value);
    return span.run(attempt);
  }

  async #judge(response: Response, trace: Trace): Promise<Response | Retry> {
    const { status } = response;
    if (status < 400) return response;
    const headers = Object.fromEntries(response.headers);
    const { settings } = this.#exchange;
    if (!isSuspect(status, headers, settings)) return response;
    // The clone is read and the original stays whole, in case that the caller gets it.
    const body = hasShortBody(this.#request.method, headers) ? await response.clone().text() : undefined;
    const failure = replyFailure(status, headers, body, trace.bodySent);
    const decision = this.#exchange.failed(failure, undefined, this.#request.body?.canReplay() ?? true);
    if (!decision.retry && settings.failedReplies === 'return') return response;
    // Lets the connection be used again; what goes wrong with a reply that nobody wants does not matter.
    response.body?.cancel().catch(() => {});
    if (decision.retry) return decision;
    throw new MeshReplyError(this.#exchange.summary(), { status, headers, body });
  }

  #surfaceOrRetry(error: unknown, limit: AbortSignal, trace: Trace): Retry {
    this.#throwIfOver(trace.wasSent);
    const cause = limit.aborted ? limit.reason : trace.error;
    const failure = networkFailure(cause, trace);
    if (failure === undefined) throw error;
    const decision = this.#exchange.failed(failure, cause, this.#request.body?.canReplay() ?? true);
    if (decision.retry) return decision;
    throw this.#exchange.networkError(cause);
  }

  /** What the reader of a reply is told when it breaks off; until there is a reply, the policy needs the error as it is. */
  #shown(cause: Error): Error {
    return this.#delivered ? this.#exchange.brokenReply(cause) : cause;
  }

  /** Throws when the caller's signal or the deadline has ended the request, in an attempt that `wasSent` or in a pause. */
  #throwIfOver(wasSent: boolean): void {
    this.#request.init.signal?.throwIfAborted();
    if (this.#deadline.signal.aborted) throw this.#exchange.expired(wasSent);
  }

  #signals(): AbortSignal[] {
    const { signal } = this.#request.init;
    return signal ? [signal, this.#deadline.signal] : [this.#deadline.signal];
  }
}
