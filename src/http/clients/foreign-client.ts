import { createOptionReader, type OptionTable } from '../../shared/option-table.ts';
import { pause } from '../../shared/pause.ts';
import type { Decision } from '../decide.ts';
import { Exchange, type RequestFacts } from '../exchange.ts';
import { type ForeignProgress, foreignFailure } from '../foreign-failure.ts';
import type { MeshRetryOptions } from '../mesh-retry-options.ts';
import type { RetrySettings } from '../options.ts';
import { OriginLoads } from '../retry-budget.ts';
import { retryOptionTable } from '../retry-option-table.ts';

/**
 * Options of the adapters: those of retries, but for what only this library's own client can do. A reply is told in the client's own way
 * (`failedReplies`), an attempt takes as long as the client's own time limit says (`attemptTimeoutMs`), and its spans are those of its own
 * instrumentation (`spans`).
 */
export type MeshAdapterOptions = Omit<MeshRetryOptions, 'attemptTimeoutMs' | 'failedReplies' | 'spans'>;

/** The options of the adapters. */
export const adapterOptionTable = retryOptionTable.filter(
  ({ name }) => !['attemptTimeoutMs', 'failedReplies', 'spans'].includes(name),
) as OptionTable<RetrySettings>;

const readOptions = createOptionReader<RetrySettings>(adapterOptionTable);

/** One request of another client. */
export interface ForeignRequest extends ForeignProgress, RequestFacts {
  /** Whether the client sends the whole body once more. */
  readonly replayable: boolean;
  /** What ends a pause. */
  readonly signals: readonly AbortSignal[];
}

interface AttemptHooks<Reply> {
  readonly failureOf?: (reply: Reply) => unknown;
  readonly discard?: (outcome: unknown) => void;
  readonly progressOf?: (reply: Reply) => ForeignProgress;
}

/** The rules, pauses, budget, events and log lines of this library for requests that another client makes. */
export class ForeignClient {
  readonly #settings: RetrySettings;
  readonly #loads = new OriginLoads();

  /** @throws MeshOptionError for a wrong option */
  constructor(caller: string, options: MeshAdapterOptions | undefined) {
    this.#settings = readOptions(caller, options);
  }

  begin(request: RequestFacts): Exchange {
    return new Exchange(request, this.#settings, this.#loads);
  }

  /**
   * Makes attempts until one succeeds or none may follow; then the last one's outcome is the request's.
   *
   * @param failureOf what an attempt that did not throw may have failed with
   * @param discard is told of what nobody will see: the error or the reply of an attempt that is repeated
   * @param progressOf how far an attempt that did not throw got
   */
  async run<Reply>(
    request: ForeignRequest,
    attempt: () => PromiseLike<Reply>,
    { failureOf, discard, progressOf }: AttemptHooks<Reply> = {},
  ): Promise<Reply> {
    const exchange = this.begin(request);
    try {
      for (;;) {
        exchange.attempts += 1;
        const outcome = await settled(attempt);
        const decision =
          'error' in outcome
            ? judge(exchange, request, outcome.error)
            : judge(exchange, { ...request, ...progressOf?.(outcome.reply) }, failureOf?.(outcome.reply));
        if (decision?.retry === true && (await waited(decision.pauseMs, request.signals))) {
          discard?.('error' in outcome ? outcome.error : outcome.reply);
          continue;
        }
        if ('error' in outcome) throw outcome.error;
        return outcome.reply;
      }
    } finally {
      exchange.end();
    }
  }
}

/** Decides about what an attempt failed with; undefined when that is not one of the failures that are repeated. */
export function judge(
  exchange: Exchange,
  request: Pick<ForeignRequest, 'replayable' | 'bodySent' | 'redirected'>,
  failed: unknown,
): Decision | undefined {
  const failure = foreignFailure(failed, request);
  if (failure === undefined) return undefined;
  if (failure.kind === 'reply' && !exchange.settings.retryStatuses.includes(failure.status)) return undefined;
  return exchange.failed(failure, failure.kind === 'reply' ? undefined : failed, request.replayable);
}

async function settled<Reply>(
  attempt: () => PromiseLike<Reply>,
): Promise<{ readonly reply: Reply } | { readonly error: unknown }> {
  try {
    return { reply: await attempt() };
  } catch (error) {
    return { error };
  }
}

/** False when a signal has ended the pause: the client tells of that in its own way. */
async function waited(ms: number, signals: readonly AbortSignal[]): Promise<boolean> {
  try {
    await pause(ms, signals);
    return true;
  } catch {
    return false;
  }
}
