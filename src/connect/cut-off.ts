export interface Cut<Value> {
  /** Milliseconds, or Infinity. */
  readonly limitMs: number;
  /** Makes the error of the limit. */
  readonly expired: () => Error;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Gets the value that comes too late. */
  readonly close: (value: Value) => unknown;
}

/**
 * Runs `work` and gives it up, at its limit or when the signal aborts, whether it heeds its own signal or not.
 *
 * @throws what `work` throws, the error of the limit, or the signal's reason
 */
export function cutOff<Value>(work: (signal: AbortSignal) => Promise<Value>, cut: Cut<Value>): Promise<Value> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    let over = false;
    const settle = (): boolean => {
      if (over) return false;
      over = true;
      clearTimeout(timer);
      cut.signal.removeEventListener('abort', onAbort);
      return true;
    };
    const end = (reason: unknown): void => {
      if (!settle()) return;
      reject(reason);
      controller.abort(reason);
    };
    const onAbort = () => end(cut.signal.reason);
    const timer = Number.isFinite(cut.limitMs) ? setTimeout(() => end(cut.expired()), cut.limitMs) : undefined;
    cut.signal.addEventListener('abort', onAbort);
    if (cut.signal.aborted) {
      onAbort();
      return;
    }
    start(work, controller.signal).then(
      (value) => (settle() ? resolve(value) : closeQuietly(value, cut.close)),
      // Cut off, it fails with an error of its own, which tells less than the reason.
      (error: unknown) => settle() && reject(error),
    );
  });
}

/** What throws at once becomes a rejection as well. */
async function start<Value>(work: (signal: AbortSignal) => Promise<Value>, signal: AbortSignal): Promise<Value> {
  return work(signal);
}

/** Nobody is left to hear of a failure. */
export async function closeQuietly<Value>(value: Value, close: (value: Value) => unknown): Promise<void> {
  try {
    await close(value);
  } catch {}
}
