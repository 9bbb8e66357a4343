import type { ReplyClassification } from '../mesh/replies/envoy-reply.ts';
import { type HttpHeaders, headerValue } from '../mesh/replies/header-value.ts';
import type { StopReason } from './decide.ts';
import { type Decision, decide, type Failure, isTrusted } from './decide.ts';
import { publishBudget, publishGiveUp, publishRetry, publishWait } from './events.ts';
import { isIdempotent } from './idempotency.ts';
import { codeOf } from './network-error.ts';
import type { RetrySettings } from './options.ts';
import {
  type GivenUpRequest,
  MeshDeadlineError,
  MeshInterruptedError,
  type MeshRequestError,
  MeshUnreachableError,
} from './request-errors.ts';
import { type RequestSpan, startSpan } from './request-span.ts';
import { hasBudget, type OriginLoad, type OriginLoads } from './retry-budget.ts';
import { logThrottled } from './throttled-log.ts';
import { withoutQuery } from './without-query.ts';

/** What the policy must know of a request. */
export interface RequestFacts {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  readonly headers: HttpHeaders | null | undefined;
  /** What the caller says; undefined: the method and the Idempotency-Key decide. */
  readonly idempotent: boolean | undefined;
}

/** One request from its first attempt to its end: counts, asks the policy, tells the world. Knows nothing of how attempts are made. */
export class Exchange {
  attempts = 0;
  /** No attempt so far can have been processed, as far as the sidecar is trusted. */
  neverSent = true;
  readonly deadlineMs: number;
  readonly #request: RequestFacts;
  readonly settings: RetrySettings;
  readonly #load: OriginLoad;
  readonly startedAt = performance.now();
  /** Where the app traces. */
  readonly span: RequestSpan | undefined;
  #retries = 0;
  #arrivals = 0;
  #budgeted = false;
  #waiting = false;
  #ended = false;
  #firstCause: unknown;
  #lastCause: unknown;
  #classification: ReplyClassification | undefined;
  #why: StopReason = 'not retryable';

  constructor(request: RequestFacts, settings: RetrySettings, loads: OriginLoads) {
    this.#request = request;
    this.settings = settings;
    this.#load = loads.of(request.origin);
    this.#load.active += 1;
    this.deadlineMs = inheritedDeadline(request.headers, settings.deadlineMs);
    this.span = settings.spans === 'request' ? startSpan(request) : undefined;
  }

  get elapsedMs(): number {
    return performance.now() - this.startedAt;
  }

  /** Decides about a failed attempt, and publishes the decision. `cause` is the error, or undefined for a reply. */
  failed(failure: Failure, cause: unknown, replayable: boolean): Decision {
    const label = labelOf(failure, cause);
    if (!this.#reachedNobody(failure)) this.neverSent = false;
    this.#firstCause ??= cause ?? label;
    this.#lastCause = cause;
    this.#classification = failure.kind === 'reply' ? failure.classification : undefined;
    const decision = decide(
      failure,
      {
        idempotent: isIdempotent(this.#request, this.settings.idempotencyKeyHeader),
        plainText: this.#isPlainText(),
        replayable,
        retries: this.#retries,
        arrivals: this.#arrivals,
        remainingMs: this.deadlineMs - this.elapsedMs,
        waiting: this.#load.waiting + (this.#waiting ? 0 : 1),
        withinBudget: this.#budgeted || hasBudget(this.#load, this.settings),
      },
      this.settings,
      Math.random(),
    );
    if (decision.retry) this.#continue(decision, label, failure.kind === 'network' && failure.neverSent);
    else this.#giveUp(decision.why, label);
    return decision;
  }

  /** The head of the final reply is there, or the request has failed: it no longer counts. Safe to call twice. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#load.active -= 1;
    if (this.#budgeted) this.#load.retrying -= 1;
    if (this.#waiting) this.#load.waiting -= 1;
  }

  /** The deadline has passed in a pause, or in an attempt that `wasSent` or not. */
  expired(wasSent: boolean): MeshDeadlineError {
    if (wasSent) this.neverSent = false;
    this.#giveUp('deadline', 'deadline');
    return new MeshDeadlineError(this.summary(), this.deadlineMs, this.#lastCause);
  }

  /** The error for a reply that broke off after its head was passed on. */
  brokenReply(cause: unknown): MeshRequestError {
    this.neverSent = false;
    return this.networkError(cause);
  }

  /** The error that tells the caller of a network failure. */
  networkError(cause: unknown): MeshRequestError {
    const summary = this.summary();
    return this.neverSent ? new MeshUnreachableError(summary, cause) : new MeshInterruptedError(summary, cause);
  }

  summary(): GivenUpRequest {
    return {
      method: this.#request.method,
      url: `${this.#request.origin}${withoutQuery(this.#request.path)}`,
      attempts: this.attempts,
      elapsedMs: this.elapsedMs,
      neverSent: this.neverSent,
      gaveUp: this.#why,
      firstCause: this.#firstCause,
      classification: this.#classification,
    };
  }

  #continue(decision: Decision & { retry: true }, failure: string, neverSent: boolean): void {
    const begins = decision.patience === 'arrival' && !this.#waiting;
    this.#setWaiting(decision.patience === 'arrival');
    if (decision.budgeted && !this.#budgeted) {
      this.#budgeted = true;
      this.#load.retrying += 1;
    }
    if (decision.patience === 'arrival') this.#arrivals += 1;
    else this.#retries += 1;

    const event = this.#event(failure);
    const { logger } = this.settings;
    if (begins && this.#arrivals === 1) {
      publishWait({ ...event, waiting: this.#load.waiting });
      const line = { logger, level: 'info', nowMs: performance.now() } as const;
      logThrottled(this.#load.waitLog, line, event, `waiting for ${event.origin} (${failure})`);
    }
    publishRetry({ ...event, pauseMs: decision.pauseMs, neverSent });
    this.span?.resent(failure, { pauseMs: decision.pauseMs, neverSent });
    logger.debug({ ...event, pauseMs: decision.pauseMs }, `retrying ${event.method} ${event.origin} after ${failure}`);
  }

  #giveUp(why: StopReason, failure: string): void {
    this.#why = why;
    const event = this.#event(failure);
    if (why === 'retry budget exhausted') {
      publishBudget({ ...event, active: this.#load.active, retrying: this.#load.retrying });
    }
    publishGiveUp({ ...event, why });
    // What was never a candidate for a retry is the caller's business alone.
    if (why !== 'not retryable') {
      const line = { logger: this.settings.logger, level: 'warn', nowMs: performance.now() } as const;
      logThrottled(
        this.#load.giveUpLog,
        line,
        { ...event, why },
        `gave up ${event.method} ${event.origin}: ${failure} (${why})`,
      );
    }
    this.end();
  }

  #setWaiting(waiting: boolean): void {
    if (waiting === this.#waiting) return;
    this.#waiting = waiting;
    this.#load.waiting += waiting ? 1 : -1;
  }

  #isPlainText(): boolean {
    return !this.#request.origin.startsWith('https:');
  }

  #reachedNobody(failure: Failure): boolean {
    if (failure.kind === 'network') return failure.neverSent;
    return failure.bodySent && this.#isPlainText() && isTrusted(failure.classification, this.settings.trustSidecar);
  }

  #event(failure: string) {
    const { method, origin, path } = this.#request;
    return { method, origin, path: withoutQuery(path), attempts: this.attempts, elapsedMs: this.elapsedMs, failure };
  }
}

/** Envoy tells a server how long its caller will wait; a server that passes the header on with its own calls inherits the limit. */
function inheritedDeadline(headers: HttpHeaders | null | undefined, deadlineMs: number): number {
  const inherited = Number(headerValue(headers, 'x-envoy-expected-rq-timeout-ms'));
  return inherited > 0 ? Math.min(inherited, deadlineMs) : deadlineMs;
}

function labelOf(failure: Failure, cause: unknown): string {
  if (failure.kind === 'network') return codeOf(cause) ?? failure.fault;
  const { flag } = failure.classification;
  return flag === undefined ? String(failure.status) : `${failure.status} ${flag}`;
}
