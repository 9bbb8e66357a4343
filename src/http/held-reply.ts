import type { IncomingHttpHeaders } from 'node:http';
import { mayBeFromNearestEnvoy } from '../mesh/replies/nearest-envoy.ts';
import type { RetrySettings } from './options.ts';

/** Envoy's own bodies have less than 1 KB; what is longer is not held back to be looked at. */
export const heldBodyLimit = 4096;

/**
 * Whether a reply is looked at before the caller sees it: a status that may be retried or, where failures are to be thrown, one that the
 * nearest sidecar may have made.
 */
export function isSuspect(status: number, headers: IncomingHttpHeaders, settings: RetrySettings): boolean {
  if (status < 400) return false;
  if (settings.retryStatuses.includes(status)) return true;
  return settings.failedReplies === 'throw' && mayBeFromNearestEnvoy(headers);
}

/** Whether the body is short enough to be read before the decision, and announced to be. */
export function hasShortBody(method: string, headers: IncomingHttpHeaders): boolean {
  return method !== 'HEAD' && Number(headers['content-length']) <= heldBodyLimit;
}
