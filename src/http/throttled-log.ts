import type { Logger } from '../shared/logger.ts';

/** In an outage every request of an origin has the same to say: one line in this time says it for all. */
const quietMs = 1_000;

/** When a line of one kind was last written at its own level, and how many have been suppressed since. */
export interface LogThrottle {
  writtenAtMs: number;
  suppressed: number;
}

export function createLogThrottle(): LogThrottle {
  return { writtenAtMs: Number.NEGATIVE_INFINITY, suppressed: 0 };
}

/** Logs at `level` unless that was done within the last second; then at `debug`, and the next line counts it as `suppressed`. */
export function logThrottled(
  throttle: LogThrottle,
  { logger, level, nowMs }: { readonly logger: Logger; readonly level: 'info' | 'warn'; readonly nowMs: number },
  fields: object,
  message: string,
): void {
  if (nowMs - throttle.writtenAtMs < quietMs) {
    throttle.suppressed += 1;
    logger.debug(fields, message);
    return;
  }
  logger[level](throttle.suppressed > 0 ? { ...fields, suppressed: throttle.suppressed } : fields, message);
  throttle.writtenAtMs = nowMs;
  throttle.suppressed = 0;
}
