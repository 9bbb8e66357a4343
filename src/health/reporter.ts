import type { Check, CheckOptions } from './check.ts';
import { type CheckRunner, createCheckRunner } from './check-runner.ts';
import type { Checks } from './health-server-options.ts';
import type { HealthServerSettings } from './options.ts';
import {
  type CheckResult,
  type HealthEndpoint,
  type HealthReport,
  type HealthState,
  healthStates,
  stateAllows,
} from './report.ts';

/** The state and the checks of this process, and what they answer. Knows no socket and no thread. */
export interface Reporter {
  readonly state: HealthState;
  /** Moves on; going back is refused: a late "ready" must not undo the draining. */
  setState(next: HealthState): boolean;
  report(endpoint: HealthEndpoint): Promise<HealthReport>;
  /** Whether an answer needs more than the state. */
  hasChecks(endpoint: HealthEndpoint): boolean;
}

export function createReporter(settings: HealthServerSettings, extraReadiness: Checks): Reporter {
  const runners = {
    livez: createRunners(settings.liveness, settings),
    readyz: createRunners({ ...settings.readiness, ...extraReadiness }, settings),
    startupz: createRunners(settings.startup, settings),
  };
  let state: HealthState = 'starting';
  let started = false;

  return {
    get state() {
      return state;
    },
    setState(next) {
      if (healthStates.indexOf(next) <= healthStates.indexOf(state)) return false;
      state = next;
      return true;
    },
    hasChecks: (endpoint) => runners[endpoint].length > 0,
    async report(endpoint) {
      // Start-up is over once and for all: what its checks say later is not asked for.
      const asked = endpoint === 'startupz' && started ? [] : runners[endpoint];
      const allowed = stateAllows(endpoint, state);
      const checks = Object.fromEntries(
        await Promise.all(asked.map(async ([name, runner]) => [name, show(await runner.run(), settings)] as const)),
      );
      const ok = allowed && stateAllows(endpoint, state) && Object.values(checks).every((result) => result.ok);
      if (endpoint === 'startupz' && ok) started = true;
      return { endpoint, ok, state, checks };
    },
  };
}

function createRunners(checks: Checks, { checkTimeoutMs, cacheMs }: HealthServerSettings): [string, CheckRunner][] {
  return Object.entries<Check | CheckOptions>(checks).map(([name, entry]) => {
    const options: CheckOptions = typeof entry === 'function' ? { check: entry } : entry;
    const limits = { timeoutMs: options.timeoutMs ?? checkTimeoutMs, cacheMs: options.cacheMs ?? cacheMs };
    return [name, createCheckRunner({ check: options.check, ...limits })];
  });
}

function show({ message, ...result }: CheckResult, { messages }: HealthServerSettings): CheckResult {
  return messages && message !== undefined ? { ...result, message } : result;
}
