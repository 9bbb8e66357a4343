import type { LifecycleSettings } from './lifecycle-option-table.ts';
import type { ShutdownHook } from './lifecycle-options.ts';

/** When what must have happened, in milliseconds after the signal. */
export interface ShutdownPlan {
  /** From here on replies ask their clients to leave. */
  readonly announceAtMs: number;
  /** Until here new connections come in. */
  readonly closeAtMs: number;
  /** Requests may take until here; the rest belongs to the hooks. */
  readonly serveUntilMs: number;
  /** Here what is left is cut. */
  readonly cutAtMs: number;
  /** The process ends here at the latest, whatever hangs. */
  readonly endAtMs: number;
}

/** The settings that a plan is made of. */
export type Times = Pick<LifecycleSettings, 'drainDelayMs' | 'graceMs' | 'preStopMs' | 'reserveMs' | 'hookTimeoutMs'>;

/** The part of the drain delay in which clients are asked to leave already. */
const announceShare = 0.5;
const longestAnnounceMs = 2_000;

/** Hooks get what they may need, but at most half of the time after the drain delay: requests come first. */
export function planShutdown(times: Times, hooks: readonly ShutdownHook[]): ShutdownPlan {
  const { drainDelayMs } = times;
  const graceMs = times.graceMs - times.preStopMs;
  const cutAtMs = graceMs - times.reserveMs;
  const forHooksMs = Math.min(hookBudgetMs(times, hooks), (cutAtMs - drainDelayMs) / 2);
  return {
    announceAtMs: drainDelayMs - Math.min(drainDelayMs * announceShare, longestAnnounceMs),
    closeAtMs: drainDelayMs,
    serveUntilMs: cutAtMs - forHooksMs,
    cutAtMs,
    endAtMs: graceMs - times.reserveMs / 8,
  };
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
    `and takes the network along; raise terminationDrainDuration and classicSidecarMs to ${Math.ceil(totalMs / 1000)} s, or use native sidecars`
  );
}

function hookBudgetMs({ hookTimeoutMs }: Times, hooks: readonly ShutdownHook[]): number {
  return hooks.reduce((sum, { timeoutMs = hookTimeoutMs }) => sum + timeoutMs, 0);
}
