import { type Dispatcher, getGlobalDispatcher, fetch as undiciFetch } from 'undici';
import { assertKnownOptions, createOptionReader } from '../shared/option-table.ts';
import { pause } from '../shared/pause.ts';
import { fetchOptionTable, requestOptionTable } from './client-option-tables.ts';
import type { Decision } from './decide.ts';
import { MeshAttemptTimeoutError, MeshReplyError } from './errors.ts';
import { Exchange } from './exchange.ts';
import { networkFailure, replyFailure } from './failures.ts';
import { type FetchRequest, fetchRequest, type MeshFetchInit } from './fetch-request.ts';
import { hasShortBody, isSuspect } from './held-reply.ts';
import { MeshAgent } from './mesh-agent.ts';
import type { MeshRetryOptions } from './mesh-retry-options.ts';
import { type RetrySettings, requestSettings } from './options.ts';
import { OriginLoads } from './retry-budget.ts';
import { type Trace, traced } from './traced-dispatcher.ts';

export interface MeshFetchOptions extends MeshRetryOptions {
  /**
   * Where single attempts go. Of a mesh agent the transport is taken: nothing is retried twice.
   *
   * Must be a Dispatcher of undici. Default: undici's global dispatcher.
   */
  readonly dispatcher?: Dispatcher | undefined;
}

const readOptions = createOptionReader<RetrySettings & Pick<MeshFetchOptions, 'dispatcher'>>(fetchOptionTable);

export type MeshFetch = (input: string | URL | Request, init?: MeshFetchInit) => Promise<Response>;

/**
 * Makes a `fetch` that repeats only what is safe to repeat. Each one has a retry budget of its own.
 *
 * It retries around `fetch`, not under it: only there is a body still what the caller gave, and can be replayed byte for byte.
 *
 * @throws MeshOptionError for a wrong option
 */
export function createMeshFetch(options: MeshFetchOptions = {}): MeshFetch {
  const { dispatcher, ...settings } = readOptions('createMeshFetch', options);
  const loads = new OriginLoads();
  return async (input, init) => {
    if (init !== undefined) assertKnownOptions('meshFetch', 'init', requestOptionTable, init);
    const request = await fetchRequest(input, init);
    const given = init?.dispatcher ?? dispatcher ?? getGlobalDispatcher();
    const transport = given instanceof MeshAgent ? given.transport : given;
    // Not HTTP (data:, blob:): nothing is sent anywhere.
    if (request.origin === undefined) return fetchOnce(transport, request);
    const own = requestSettings(init?.meshRetry, settings);
    const exchange = new Exchange({ ...request, origin: request.origin }, own, loads);
    return new RetryingFetch(transport, request, own, exchange).run();
  };
}

/** `fetch` that repeats only what is safe to repeat, with the defaults of {@link createMeshFetch}. */
export const meshFetch: MeshFetch = createMeshFetch();

function fetchOnce(
  dispatcher: Dispatcher,
  { url, init, body }: FetchRequest,
  signal: AbortSignal | undefined = init.signal ?? undefined,
): Promise<Response> {
  // Undici's own types name its own classes; the values are the ones that the standard's types describe.
  return undiciFetch(url, { ...init, body: body?.next(), signal, dispatcher } as never) as unknown as Promise<Response>;
}

function newTrace(): Trace {
  return { wasSent: false, bodySent: false, redirected: false, brokenReply: undefined };
}

/** One request from its first attempt to its final reply. */
class RetryingFetch {
  readonly #transport: Dispatcher;
  readonly #request: FetchRequest;
  readonly #settings: RetrySettings;
  readonly #exchange: Exchange;
  readonly #deadline = new AbortController();
  #trace: Trace = newTrace();

  constructor(transport: Dispatcher, request: FetchRequest, settings: RetrySettings, exchange: Exchange) {
    this.#transport = transport;
    this.#request = request;
    this.#settings = settings;
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
          this.#trace.brokenReply = (cause) => this.#exchange.brokenReply(cause);
          return outcome;
        }
        await pause(outcome.pauseMs, this.#signals());
      }
    } catch (error) {
      this.#request.body?.discard();
      const { signal } = this.#request.init;
      if (signal?.aborted) throw signal.reason;
      if (this.#deadline.signal.aborted) throw this.#exchange.expired(this.#trace.wasSent);
      throw error;
    } finally {
      clearTimeout(timer);
      this.#exchange.end();
    }
  }

  /** The final reply, or the decision to go on. Throws what surfaces. */
  async #attempt(): Promise<Response | (Decision & { retry: true })> {
    const { attemptTimeoutMs } = this.#settings;
    this.#exchange.attempts += 1;
    this.#trace = newTrace();
    const limit = new AbortController();
    const timer =
      attemptTimeoutMs === Number.POSITIVE_INFINITY
        ? undefined
        : setTimeout(() => limit.abort(new MeshAttemptTimeoutError(attemptTimeoutMs)), attemptTimeoutMs);
    timer?.unref();
    try {
      const signal = AbortSignal.any([...this.#signals(), limit.signal]);
      const response = await fetchOnce(traced(this.#transport, this.#trace), this.#request, signal);
      return await this.#judge(response);
    } catch (error) {
      return this.#surfaceOrRetry(error, limit.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  async #judge(response: Response): Promise<Response | (Decision & { retry: true })> {
    if (response.status < 400) return response;
    const { status } = response;
    const headers = Object.fromEntries(response.headers);
    if (!isSuspect(status, headers, this.#settings)) return response;
    // The clone is read and the original stays whole, in case that the caller gets it.
    const body = hasShortBody(this.#request.method, headers) ? await response.clone().text() : undefined;
    const failure = replyFailure(status, headers, body, this.#trace.bodySent);
    const decision = this.#exchange.failed(failure, undefined, this.#request.body?.canReplay() ?? true);
    if (!decision.retry && this.#settings.failedReplies === 'return') return response;
    // Lets the connection be used again; what goes wrong with a reply that nobody wants does not matter.
    response.body?.cancel().catch(() => {});
    if (decision.retry) return decision;
    throw new MeshReplyError(this.#exchange.summary(), { status, headers, body });
  }

  #surfaceOrRetry(error: unknown, limit: AbortSignal): Decision & { retry: true } {
    const { signal } = this.#request.init;
    if (signal?.aborted || this.#deadline.signal.aborted || error instanceof MeshReplyError) throw error;
    // fetch wraps the error that counts.
    const cause = limit.aborted ? limit.reason : error instanceof TypeError && error.cause ? error.cause : error;
    const failure = networkFailure(cause, this.#trace);
    if (failure === undefined) throw error;
    const decision = this.#exchange.failed(failure, cause, this.#request.body?.canReplay() ?? true);
    if (decision.retry) return decision;
    throw this.#exchange.networkError(cause);
  }

  #signals(): AbortSignal[] {
    const { signal } = this.#request.init;
    return signal ? [signal, this.#deadline.signal] : [this.#deadline.signal];
  }
}
