import { setTimeout as delay } from 'node:timers/promises';
import type { Check } from './check.ts';
import { createGivenUpRuns, mostGivenUp } from './given-up-runs.ts';
import { judge } from './judge.ts';
import type { CheckResult } from './report.ts';

export interface CheckRunnerOptions {
  readonly check: Check;
  readonly timeoutMs: number;
  readonly cacheMs: number;
}

export interface CheckRunner {
  /** The result of now, or of a moment ago. Never rejects, and never takes longer than the time limit. */
  run(): Promise<CheckResult>;
}

interface Outcome {
  readonly ok: boolean;
  readonly message?: string;
  readonly durationMs: number;
  readonly endedAt: number;
}

interface Run {
  readonly startedAt: number;
  ended: boolean;
}

/** After so many times its limit a run is taken for one that never ends: its connection is gone, and its driver knows no signal. */
const giveUpAfter = 3;

/**
 * Runs one check so that it can do no harm: its time is limited, its result is reused for `cacheMs`, and it does not run
 * twice at once. A run that hangs stands in the way of the next until it is given up; few are given up in a time.
 */
export function createCheckRunner({ check, timeoutMs, cacheMs }: CheckRunnerOptions): CheckRunner {
  const giveUpMs = giveUpAfter * timeoutMs;
  const givenUp = createGivenUpRuns();
  let last: Outcome | undefined;
  let running: Promise<Outcome> | undefined;
  let latest: Run | undefined;

  async function start(startedAt: number): Promise<Outcome> {
    const abort = new AbortController();
    const timer = new AbortController();
    const run: Run = { startedAt, ended: false };
    latest = run;
    const work = judge(check, abort.signal);
    void work.then(() => {
      run.ended = true;
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

  /** Why no run may start now. */
  function obstacle(now: number): CheckResult | undefined {
    if (latest !== undefined && !latest.ended) {
      const durationMs = now - latest.startedAt;
      if (durationMs < giveUpMs) {
        const message = `still running after ${Math.round(durationMs)} ms; it is given up after ${giveUpMs} ms`;
        return { ok: false, message, durationMs, ageMs: 0 };
      }
      givenUp.add(latest, now);
      latest = undefined;
    }
    const waitMs = givenUp.waitMs(now);
    if (waitMs === 0) return undefined;
    const message = `${mostGivenUp} runs have not ended; the next starts in ${Math.ceil(waitMs / 1000)} s`;
    return { ok: false, message, durationMs: 0, ageMs: 0 };
  }

  return {
    async run() {
      const now = performance.now();
      if (last !== undefined && now - last.endedAt < cacheMs) return result(last);
      if (running === undefined) {
        const refusal = obstacle(now);
        if (refusal !== undefined) return refusal;
        running = start(now).finally(() => {
          running = undefined;
        });
      }
      last = await running;
      return result(last);
    },
  };
}

function result({ endedAt, ...outcome }: Outcome): CheckResult {
  return { ...outcome, ageMs: Math.max(0, performance.now() - endedAt) };
}
