import * as accepted from '../shared/accepted.ts';
import { type AllSet, optionTable } from '../shared/option-table.ts';
import type { Check } from './check.ts';
import type { EventLoopLimits } from './event-loop-check.ts';
import type { HealthPaths } from './respond.ts';

const path = accepted.that(
  'a path that begins with / and has no query',
  (value) => typeof value === 'string' && /^\/[!-~]*$/.test(value) && !/[?#]/.test(value),
);

/** The option `paths` of `createHealthServer`. */
export const pathOptionTable = optionTable<HealthPaths>({
  livez: { ...path, default: '/livez', text: 'Whether the process is worth keeping.' },
  readyz: { ...path, default: '/readyz', text: 'Whether traffic is welcome.' },
  startupz: { ...path, default: '/startupz', text: 'Whether the start is over.' },
});

/** A check with limits of its own, in the options `liveness`, `readiness` and `startup`. */
export const checkOptionTable = optionTable<{
  readonly check: Check;
  readonly timeoutMs: number | undefined;
  readonly cacheMs: number | undefined;
}>({
  check: { ...accepted.callback, required: true, text: 'Says whether one thing works.' },
  timeoutMs: {
    ...accepted.durationMs(1),
    default: undefined,
    defaultText: "the server's `checkTimeoutMs`",
    text: 'Time limit of this check.',
  },
  cacheMs: {
    ...accepted.durationMs(0),
    default: undefined,
    defaultText: "the server's `cacheMs`",
    text: "How long this check's result is reused.",
  },
});

/** The option `eventLoop` of `createHealthServer`. */
export const eventLoopOptionTable = optionTable<AllSet<EventLoopLimits>>({
  maxDelayMs: {
    ...accepted.limitMs,
    default: Number.POSITIVE_INFINITY,
    text: "Not ready when the loop's delay (99th percentile since the last look) exceeds this.",
  },
  maxUtilization: {
    ...accepted.share,
    default: 1,
    text: 'Not ready when the loop was busy for more than this share of the time since the last look.',
  },
});
