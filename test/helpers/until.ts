import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until `check` returns something other than false, null or undefined, and returns that. A throw counts as "not yet".
 *
 * @param what completes "timed out waiting for ..."
 * @param timeoutMs only ends a test that hangs: generous, since machines are shared. Default 30 s.
 */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  timeoutMs = 30_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await check();
      if (value !== false && value !== null && value !== undefined)
        return value as Exclude<T, false | null | undefined>;
      last = value;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= deadline) throw new Error(`timed out waiting for ${what}; last: ${String(last)}`);
    await delay(5);
  }
}
