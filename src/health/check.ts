import { setTimeout as delay } from 'node:timers/promises';
import type { CheckResult } from './report.ts';

/**
 * Says whether one thing works. It fails when it throws or rejects, exceeds its time limit, or gives `false`, an Error or
 * an object whose `ok` is not true (so that a `Response` of fetch counts as it should); any other value passes.
 * `signal` is aborted at the time limit.
 */
export type Check = (context: { readonly signal: AbortSignal }) => unknown;

/** A check with limits of its own. */
export interface CheckOptions {
  /**
   * Says whether one thing works.
   *
   * Must be a function. There is no default.
   */
  readonly check: Check;
  /**
   * Time limit of this check.
   *
   * Must be a number of milliseconds from 1 to 2147483647 (24 days). Default: the server's `checkTimeoutMs`.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * How long this check's result is reused.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: the server's `cacheMs`.
   */
  readonly cacheMs?: number | undefined;
}

export interface CheckRunner {
  /** The result of now, or of a moment ago. Never rejects, and never takes longer than the time limit. */
  run(): Promise<CheckResult>;
}

interface Outcome {
  ok: boolean;
  message?: string;
  durationMs: number;
  endedAt: number;
}

/**
 * Runs one check so that it can do no harm: its time is limited, its result is reused for `cacheMs`, and it never runs
 * twice at once, not even when it hangs beyond its limit.
 */
export function createCheckRunner({
  check,
  timeoutMs,
  cacheMs,
}: Required<CheckOptions> & { timeoutMs: number; cacheMs: number }): CheckRunner {
  let last: Outcome | undefined;
  let running: Promise<Outcome> | undefined;
  let hungSince: number | undefined;

  async function runOnce(): Promise<Outcome> {
    const startedAt = performance.now();
    const abort = new AbortController();
    const timer = new AbortController();
    const work = judge(check, abort.signal);
    // A check that ignores its signal stays in the way of the next run until it ends by itself.
    hungSince = startedAt;
    void work.then(() => {
      hungSince = undefined;
    });
    const limit = delay(timeoutMs, undefined, { signal: timer.signal, ref: false }).then(
      () => `no answer within ${timeoutMs} ms`,
      () => undefined,
    );
    const failure = await Promise.race([work, limit]);
    timer.abort();
    abort.abort(new Error('the check is over'));
    const endedAt = performance.now();
    return {
      ok: failure === undefined,
      ...(failure !== undefined && { message: failure }),
      durationMs: endedAt - startedAt,
      endedAt,
    };
  }

  return {
    async run() {
      const now = performance.now();
      if (last !== undefined && now - last.endedAt < cacheMs) return result(last);
      if (running === undefined && hungSince !== undefined) {
        const durationMs = now - hungSince;
        const message = `still running after ${Math.round(durationMs)} ms; it will not be started again before it ends`;
        return { ok: false, message, durationMs, ageMs: 0 };
      }
      running ??= runOnce().finally(() => {
        running = undefined;
      });
      last = await running;
      return result(last);
    },
  };
}

function result({ endedAt, ...outcome }: Outcome): CheckResult {
  return { ...outcome, ageMs: Math.max(0, performance.now() - endedAt) };
}

/** Why the check failed; undefined when it passed. Never rejects. */
async function judge(check: Check, signal: AbortSignal): Promise<string | undefined> {
  try {
    const value = await check({ signal });
    if (value === false) return 'the check returned false';
    if (value instanceof Error) return describe(value);
    if (typeof value !== 'object' || value === null || !('ok' in value) || value.ok === true) return undefined;
    const text = 'message' in value ? value.message : undefined;
    return typeof text === 'string' && text !== '' ? clip(text) : `the check returned ok: ${clip(String(value.ok))}`;
  } catch (error) {
    return describe(error);
  }
}

function describe(error: unknown): string {
  try {
    return clip(error instanceof Error ? error.message || error.name : String(error));
  } catch {
    return 'the check threw a value that has no text'; // such as Object.create(null)
  }
}

/** One line of bounded length, whatever a driver puts into its errors. */
function clip(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
