import { type HealthEndpoint, type HealthReport, type HealthState, stateAllows } from './report.ts';
import type { WorkerSetup } from './worker-protocol.ts';

export interface BlockedReporterOptions
  extends Pick<WorkerSetup, 'heartbeatMs' | 'maxBlockedMs' | 'readyMaxBlockedMs' | 'hasChecks'> {
  /** How long ago the main loop turned. */
  readonly heartbeatAgeMs: () => number;
  /** Sends the question to the main thread. The answer comes when that thread can. */
  readonly askMain: (endpoint: HealthEndpoint) => Promise<HealthReport>;
  readonly state: () => HealthState;
}

/**
 * The worker thread's answers. What the state alone decides it answers at once; checks run on the main thread, which is
 * asked while its heart beats. When the beat stops, the last report stands in for as long as the limits allow.
 */
export function createBlockedReporter(
  options: BlockedReporterOptions,
): (endpoint: HealthEndpoint) => Promise<HealthReport> {
  const { heartbeatAgeMs, hasChecks, state } = options;
  // A beat that is three times late is no longer on its way.
  const staleMs = 3 * options.heartbeatMs;
  const lastReports = new Map<HealthEndpoint, HealthReport>();

  async function askMain(endpoint: HealthEndpoint): Promise<HealthReport | undefined> {
    if (heartbeatAgeMs() > staleMs) return undefined;
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<undefined>((resolve) => {
      const look = () => {
        const leftMs = staleMs - heartbeatAgeMs();
        if (leftMs < 0) resolve(undefined);
        else timer = setTimeout(look, leftMs + 1);
      };
      look();
    });
    const report = await Promise.race([options.askMain(endpoint), silence]);
    clearTimeout(timer);
    if (report !== undefined) lastReports.set(endpoint, report);
    return report;
  }

  return async (endpoint) => {
    if (hasChecks[endpoint] && stateAllows(endpoint, state())) {
      const report = await askMain(endpoint);
      if (report !== undefined) return report;
    }
    const last = lastReports.get(endpoint);
    const ageMs = heartbeatAgeMs();
    const turning = ageMs <= (endpoint === 'livez' ? options.maxBlockedMs : options.readyMaxBlockedMs);
    const allowed = stateAllows(endpoint, state());
    const ok = turning && allowed && (last?.ok ?? (!hasChecks[endpoint] || endpoint === 'livez'));
    const checks = last?.checks ?? {};
    // What else is not ok says so itself: the state, or the checks as they were last.
    const isBlamed = !turning || (allowed && !ok && last === undefined);
    if (!isBlamed) return { endpoint, ok, state: state(), checks };
    const message = `the main thread has not turned for ${Math.round(ageMs)} ms`;
    return {
      endpoint,
      ok,
      state: state(),
      checks: { ...checks, 'main-thread': { ok: false, message, durationMs: 0, ageMs: 0 } },
    };
  };
}
