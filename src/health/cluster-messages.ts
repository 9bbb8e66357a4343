import type { HealthReport } from './report.ts';

/** On the channel between a cluster's primary and its workers, beside whatever the app sends there. */
export type ClusterMessage =
  /** From a worker: is there a primary that asks? */
  | { readonly meshShim: 'health-worker' }
  /** From the primary: there is one. */
  | { readonly meshShim: 'health-primary' }
  | { readonly meshShim: 'health-ask'; readonly id: number }
  | { readonly meshShim: 'health-report'; readonly id: number; readonly report: HealthReport };

/** The message, where it is one of ours. */
export function clusterMessage(message: unknown): ClusterMessage | undefined {
  const isOurs = typeof message === 'object' && message !== null && 'meshShim' in message;
  return isOurs ? (message as ClusterMessage) : undefined;
}
