import * as accepted from '../shared/accepted.ts';
import { assertArgument } from '../shared/option-table.ts';
import { longestTimerMs } from '../shared/pause.ts';
import { backoffPause, retryAfterPause } from './backoff.ts';
import { foreignFailure } from './foreign-failure.ts';
import type { MeshRetryOptions } from './mesh-retry-options.ts';
import { retrySettings } from './options.ts';

/**
 * How long to wait, in milliseconds, before a failed request of another client is repeated: as long as the reply says, and up to 250 ms
 * longer, so that those who were told one moment do not all come at it; else a time drawn evenly between 0 and a bound that doubles (full
 * jitter). A reply says it by `Retry-After` (seconds or a date; of several lines the longest), gRPC's metadata also by
 * `grpc-retry-pushback-ms` (gRFC A6).
 *
 * It is never cut short: whoever cannot wait that long should give up, since to come earlier is what was asked not to be done.
 *
 * @param failure what {@link isSafeToRetry} has allowed to repeat: an error or a reply of any client
 * @param retry which retry it is, from 1
 * @returns at most 2147483647, the longest that a timer of Node waits
 * @throws MeshOptionError for a wrong option or number
 */
export function retryDelay(
  failure: unknown,
  retry = 1,
  options?: Pick<MeshRetryOptions, 'backoffBaseMs' | 'backoffCapMs'>,
): number {
  assertArgument('retryDelay', 'retry', accepted.integer(1), retry);
  const settings = retrySettings(options, undefined, 'retryDelay');
  const failed = foreignFailure(failure);
  const random = Math.random();
  if (failed?.kind !== 'reply' || failed.retryAfterMs === undefined) return backoffPause(retry, settings, random);
  return Math.min(longestTimerMs, retryAfterPause(failed.retryAfterMs, random));
}
