/** On the channel between a cluster's primary and its workers, beside whatever the app and the health servers send there. */
export type ClusterMessage =
  /** A worker: it has a lifecycle. */
  | { readonly meshShim: 'lifecycle-worker' }
  /** The primary has one too: it gets the signals, and tells the worker when to go. */
  | { readonly meshShim: 'lifecycle-primary' }
  | { readonly meshShim: 'lifecycle-shutdown'; readonly reason: string; readonly times: WorkerTimes };

/** What is left of the primary's plan, in milliseconds from now. */
export interface WorkerTimes {
  readonly drainDelayMs: number;
  readonly graceMs: number;
}

export function isClusterMessage(message: unknown): message is ClusterMessage {
  const { meshShim } = (message ?? {}) as { readonly meshShim?: unknown };
  return typeof meshShim === 'string' && meshShim.startsWith('lifecycle-');
}

/** A worker's own plan within its primary's. */
export function timesOfWorker({ drainDelayMs, graceMs }: WorkerTimes, reserveMs: number) {
  return { drainDelayMs, graceMs, preStopMs: 0, reserveMs: Math.min(reserveMs, (graceMs - drainDelayMs) / 4) };
}
