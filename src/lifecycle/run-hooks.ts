import type { Logger } from '../shared/logger.ts';
import type { ShutdownHook } from './lifecycle-options.ts';
import { within } from './within.ts';

/**
 * Runs hooks last registered first, since what was set up last may need what was set up before. A hook that fails or
 * exceeds its limit does not keep the others from running.
 *
 * @returns the names of those that did not end well
 */
export async function runHooks(
  hooks: readonly ShutdownHook[],
  defaultMs: number,
  logger: Logger,
  leftMs: () => number,
): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run, timeoutMs = defaultMs } of hooks.toReversed()) {
    const limitMs = Math.max(0, Math.min(timeoutMs, leftMs()));
    const abort = new AbortController();
    try {
      const inTime = await within(limitMs, async () => run({ signal: abort.signal }));
      if (inTime) continue;
      logger.error(
        { hook: name, limitMs },
        `hook "${name}" did not end within ${Math.round(limitMs)} ms; going on without it`,
      );
    } catch (err) {
      logger.error({ hook: name, err }, `hook "${name}" failed; going on`);
    }
    abort.abort(new Error(`hook "${name}" is out of time`));
    failed.push(name);
  }
  return failed;
}
