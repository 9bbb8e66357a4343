import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { AllSet } from '../shared/option-table.ts';
import type { Check } from './check.ts';

/** When an event loop counts as overloaded. */
export interface EventLoopLimits {
  /**
   * Not ready when the loop's delay (99th percentile since the last look) exceeds this.
   *
   * Must be a number of milliseconds above 0, at most 2147483647 (24 days), or Infinity. Default: `Infinity`.
   */
  readonly maxDelayMs?: number | undefined;
  /**
   * Not ready when the loop was busy for more than this share of the time since the last look.
   *
   * Must be a number from 0 to 1. Default: `1`.
   */
  readonly maxUtilization?: number | undefined;
}

type LimitSettings = AllSet<EventLoopLimits>;

/** How often the delay is sampled; what perf_hooks measures has this as its floor and it is subtracted. */
const resolutionMs = 10;

/**
 * Fails while the event loop is overloaded, so that traffic goes to another replica. For readiness: a busy process is
 * not a dead one.
 */
export function createEventLoopCheck({ maxDelayMs, maxUtilization }: LimitSettings): Check & { stop(): void } {
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
