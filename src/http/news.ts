import type { Logger } from '../shared/logger.ts';

/** In an outage every request of an origin has the same to say: one line in this time says it for all. */
const quietMs = 1_000;

/** When one kind of thing was told of last, and how many have been kept back since. */
export interface News {
  toldAtMs: number;
  untold: number;
}

export function createNews(): News {
  return { toldAtMs: Number.NEGATIVE_INFINITY, untold: 0 };
}

/** Logs at `level` unless that has been done within the last second; then at `debug`, and the next line counts it as `untold`. */
export function tell(
  news: News,
  { logger, level, nowMs }: { readonly logger: Logger; readonly level: 'info' | 'warn'; readonly nowMs: number },
  fields: object,
  message: string,
): void {
  if (nowMs - news.toldAtMs < quietMs) {
    news.untold += 1;
    logger.debug(fields, message);
    return;
  }
  logger[level](news.untold > 0 ? { ...fields, untold: news.untold } : fields, message);
  news.toldAtMs = nowMs;
  news.untold = 0;
}
