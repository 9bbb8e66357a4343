import { callback } from '../shared/accepted.ts';
import { failureText } from '../shared/failure-text.ts';
import { assertArgument } from '../shared/option-table.ts';
import { pause } from '../shared/pause.ts';
import { ConnectAttemptTimeoutError, ConnectDeadlineError, ConnectFatalError } from './connect-errors.ts';
import type { ConnectOptions } from './connect-options.ts';
import { cutOff } from './cut-off.ts';
import { type ConnectSettings, connectSettings } from './options.ts';

export interface AttemptContext {
  /** Aborts when the attempt is over without success: its time limit, the deadline or the caller's own signal. Whoever heeds it closes the socket. */
  readonly signal: AbortSignal;
  /** Counts from 1. */
  readonly attempt: number;
}

/** Tries once. It must resolve only when the server has answered in its protocol: a connection alone proves nothing behind a sidecar. */
export type ConnectAttempt<Connection> = (context: AttemptContext) => Promise<Connection>;

/**
 * Repeats `attempt` until it succeeds, for the start of an app whose database or broker is not up yet.
 *
 * A TypeError that is not fetch's is a mistake in the program and surfaces at once, as it is.
 *
 * @throws ConnectFatalError when an attempt fails in a way that repetition cannot cure
 * @throws ConnectDeadlineError when `deadlineMs` (default: 60 s) has passed
 * @throws MeshOptionError for a wrong option, or an attempt that is not a function
 * @throws the reason of `options.signal` when that aborts
 */
export async function connectWithRetry<Connection>(
  attempt: ConnectAttempt<Connection>,
  options?: ConnectOptions<Connection>,
): Promise<Connection> {
  assertArgument('connectWithRetry', 'attempt', callback, attempt);
  return retryUntilConnected(attempt, connectSettings(options));
}

/** The same with options that have been read. */
export async function retryUntilConnected<Connection>(
  attempt: ConnectAttempt<Connection>,
  settings: ConnectSettings<Connection>,
): Promise<Connection> {
  const { name: subject, logger, signal: callers } = settings;
  callers?.throwIfAborted();
  const startedAt = performance.now();
  const expiry = new AbortController();
  const end = callers ? AbortSignal.any([callers, expiry.signal]) : expiry.signal;
  const timer = Number.isFinite(settings.deadlineMs)
    ? setTimeout(() => expiry.abort(), settings.deadlineMs)
    : undefined;
  let attempts = 0;
  let lastFailure: unknown;
  let lastReason: string | undefined;
  const soFar = () => ({ subject, attempts, elapsedMs: performance.now() - startedAt });

  /** Pauses before the next attempt. */
  const goOn = async (failure: unknown): Promise<void> => {
    const fatal = settings.fatal(failure);
    if (fatal !== undefined) throw new ConnectFatalError(soFar(), fatal, failure);
    if (isMistake(failure)) throw failure;
    const reason = failureText(failure);
    // The exponent is bounded: 0 * Infinity is no number.
    const boundMs = Math.min(settings.backoffCapMs, settings.backoffBaseMs * 2 ** Math.min(attempts - 1, 50));
    const pauseMs = Math.random() * boundMs;
    const level = reason === lastReason ? 'debug' : 'info';
    logger[level](
      { ...soFar(), reason, pauseMs },
      `${subject}: not connected, trying again in ${Math.round(pauseMs)} ms: ${reason}`,
    );
    lastReason = reason;
    await pause(pauseMs, [end]);
  };

  try {
    for (;;) {
      attempts += 1;
      const outcome = await cutOff((signal) => attempt({ signal, attempt: attempts }), {
        limitMs: settings.attemptTimeoutMs,
        expired: () => new ConnectAttemptTimeoutError(settings.attemptTimeoutMs),
        signal: end,
        close: settings.close,
      }).then(
        (connection) => ({ connection }),
        (failure: unknown) => ({ failure }),
      );
      if ('connection' in outcome) {
        if (attempts > 1) logger.info(soFar(), `${subject}: connected at attempt ${attempts}`);
        return outcome.connection;
      }
      // An attempt that the end cut off says nothing about the server.
      if (end.aborted) throw outcome.failure;
      lastFailure = outcome.failure;
      await goOn(lastFailure);
    }
  } catch (error) {
    if (callers?.aborted) throw callers.reason;
    const final = expiry.signal.aborted ? new ConnectDeadlineError(soFar(), settings.deadlineMs, lastFailure) : error;
    logger.warn({ ...soFar(), err: final }, failureText(final));
    throw final;
  } finally {
    clearTimeout(timer);
  }
}

/** A TypeError, known by its name where it is of another realm. `fetch` fails with one too, and gives the network's error as its cause. */
function isMistake(failure: unknown): boolean {
  if (typeof failure !== 'object' || failure === null) return false;
  const { name, cause } = failure as { readonly name?: unknown; readonly cause?: unknown };
  return (failure instanceof TypeError || name === 'TypeError') && cause === undefined;
}
