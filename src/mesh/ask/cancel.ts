/**
 * A way to end a wait early. The bare engine has no AbortController; where there is one, an adapter of three lines
 * makes its signal into this.
 */
export interface CancelSignal {
  readonly cancelled: boolean;
  /** Calls back once on cancellation (at once if it has happened); the function returned takes the listener off. */
  onCancel(callback: () => void): () => void;
}

export interface CancelSource {
  readonly signal: CancelSignal;
  cancel(): void;
}

export function createCancelSource(): CancelSource {
  const listeners = new Set<() => void>();
  let cancelled = false;
  return {
    signal: {
      get cancelled() {
        return cancelled;
      },
      onCancel(callback) {
        if (cancelled) {
          callback();
          return () => {};
        }
        listeners.add(callback);
        return () => listeners.delete(callback);
      },
    },
    cancel() {
      if (cancelled) return;
      cancelled = true;
      for (const listener of listeners) listener();
      listeners.clear();
    },
  };
}

/** Waits `delayMs`, or less when cancelled. */
export function pause(
  clock: { after(delayMs: number, callback: () => void): () => void },
  delayMs: number,
  signal: CancelSignal,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal.cancelled) {
      resolve();
      return;
    }
    const finish = () => {
      stopTimer();
      stopListening();
      resolve();
    };
    const stopTimer = clock.after(delayMs, finish);
    const stopListening = signal.onCancel(finish);
  });
}
