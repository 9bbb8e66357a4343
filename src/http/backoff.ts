import type { RetrySettings } from './options.ts';

/** Full jitter: evenly between 0 and a bound that doubles with each retry. `retry` counts from 1, `random` is in [0, 1). */
export function backoffPause(retry: number, settings: RetrySettings, random: number): number {
  return random * doubled(settings.backoffBaseMs, settings.backoffCapMs, retry);
}

/**
 * The pause of a request that waits for the sidecar or the upstream to come. With many waiting the bound grows, so that together they ask
 * at a steady rate: they cannot come back as a herd, and the first of them is back at once.
 */
export function arrivalPause(retry: number, waiting: number, settings: RetrySettings, random: number): number {
  const alone = doubled(settings.arrivalBaseMs, settings.arrivalCapMs, retry);
  return random * Math.max(alone, waiting * settings.arrivalSpreadMs);
}

function doubled(base: number, cap: number, retry: number): number {
  return Math.min(cap, base * 2 ** (retry - 1));
}

// Those whom a server told to come back at one moment come back spread over this time after it.
const retryAfterSpreadMs = 250;

/** Never before the server's `Retry-After`, and shortly after it. */
export function retryAfterPause(retryAfterMs: number, random: number): number {
  return retryAfterMs + random * retryAfterSpreadMs;
}
