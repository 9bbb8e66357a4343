import type { LifecycleSettings } from './lifecycle-option-table.ts';
import type { ShutdownHook } from './lifecycle-options.ts';

/** When what must have happened, in milliseconds after the signal. */
export interface ShutdownPlan {
  /** Requests may take until here; the rest belongs to the hooks. */
  readonly serveUntilMs: number;
  /** Here what is left is cut. */
  readonly cutAtMs: number;
}

type Times = Pick<LifecycleSettings, 'drainDelayMs' | 'graceMs' | 'reserveMs' | 'hookTimeoutMs'>;

/** Hooks get what they may need, but at most half of the time after the drain delay: requests come first. */
export function planShutdown(times: Times, hooks: readonly ShutdownHook[]): ShutdownPlan {
  const cutAtMs = times.graceMs - times.reserveMs;
  const forHooksMs = Math.min(hookBudgetMs(times, hooks), (cutAtMs - times.drainDelayMs) / 2);
  return { serveUntilMs: cutAtMs - forHooksMs, cutAtMs };
}

/** A warning when the plan outlives a classic sidecar, without which hooks and late requests have no network. */
export function sidecarWarning(
  times: Times & Pick<LifecycleSettings, 'classicSidecarMs'>,
  hooks: readonly ShutdownHook[],
): string | undefined {
  const { classicSidecarMs, drainDelayMs } = times;
  const hooksMs = hookBudgetMs(times, hooks);
  const totalMs = drainDelayMs + hooksMs;
  if (classicSidecarMs === false || totalMs <= classicSidecarMs) return undefined;
  return (
    `drain delay ${drainDelayMs} ms and hooks ${hooksMs} ms may take ${totalMs} ms, but a classic sidecar goes ${classicSidecarMs} ms after SIGTERM ` +
    `and takes the network along; raise terminationDrainDuration to ${Math.ceil(totalMs / 1000)}s, or use native sidecars and set classicSidecarMs: false`
  );
}

function hookBudgetMs({ hookTimeoutMs }: Times, hooks: readonly ShutdownHook[]): number {
  return hooks.reduce((sum, { timeoutMs = hookTimeoutMs }) => sum + timeoutMs, 0);
}
