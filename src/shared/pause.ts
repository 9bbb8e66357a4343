/** Node's timers take no more: one that is asked for more fires at once. */
export const longestTimerMs = 2 ** 31 - 1;

/**
 * Waits, unless a signal aborts first. Leaves neither timer nor listener behind. The timer keeps the process alive: somebody awaits this.
 *
 * @throws the signal's reason
 */
export function pause(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', settle);
      const aborted = signals.find((signal) => signal.aborted);
      if (aborted) reject(aborted.reason);
      else resolve();
    };
    const timer = setTimeout(settle, ms);
    for (const signal of signals) signal.addEventListener('abort', settle);
    if (signals.some((signal) => signal.aborted)) settle();
  });
}
