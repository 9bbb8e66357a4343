import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Check } from './check.ts';

export interface EventLoopLimits {
  /** Not ready when the loop's delay (99th percentile since the last look) exceeds this. Default: no limit. */
  readonly maxDelayMs?: number | undefined;
  /** Not ready when the loop was busy for more than this share of the time since the last look, 0 to 1. Default: no limit. */
  readonly maxUtilization?: number | undefined;
}

/** How often the delay is sampled; what perf_hooks measures has this as its floor and it is subtracted. */
const resolutionMs = 10;

/**
 * Fails while the event loop is overloaded, so that traffic goes to another replica. For readiness: a busy process is
 * not a dead one.
 */
export function createEventLoopCheck({
  maxDelayMs = Infinity,
  maxUtilization = 1,
}: EventLoopLimits): Check & { stop(): void } {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  let lastUtilization = performance.eventLoopUtilization();

  function check() {
    const delayMs = Math.max(0, delays.percentile(99) / 1e6 - resolutionMs);
    delays.reset();
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, lastUtilization);
    lastUtilization = now;
    if (delayMs > maxDelayMs) return failed(`delay ${Math.round(delayMs)} ms, limit ${maxDelayMs} ms`);
    if (utilization > maxUtilization) return failed(`utilization ${utilization.toFixed(2)}, limit ${maxUtilization}`);
    return true;
  }
  return Object.assign(check, { stop: () => void delays.disable() });
}

const failed = (message: string) => ({ ok: false, message });
