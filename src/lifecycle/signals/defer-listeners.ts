import process from 'node:process';

type Listener = (...words: unknown[]) => unknown;

/** Holds back the signals that other listeners wait for. */
export interface DeferredListeners {
  /** Calls them, as the signal would have. Fulfilled when those that return a promise have ended; whether some returned none. */
  release(signal: NodeJS.Signals): Promise<boolean>;
  dispose(): void;
}

/**
 * From now on these signals reach `own` alone. The other listeners stay where they are, for whoever counts or removes them: what is
 * changed is who is told.
 */
export function deferListeners(
  signals: readonly NodeJS.Signals[],
  own: (signal: NodeJS.Signals) => void,
): DeferredListeners {
  const emit = process.emit;
  const isDeferred = (event: unknown): event is NodeJS.Signals => signals.includes(event as NodeJS.Signals);
  const deferring = function (this: unknown, ...words: unknown[]) {
    if (!isDeferred(words[0])) return Reflect.apply(emit, this, words);
    own(words[0]);
    return true;
  };
  process.emit = deferring as typeof process.emit;

  // Node binds emit when a signal gets its first listener: all of them go and come back.
  for (const signal of signals) {
    const listeners = process.rawListeners(signal) as Listener[];
    for (const listener of listeners) process.off(signal, listener);
    process.on(signal, own);
    for (const listener of listeners) process.on(signal, listener);
  }

  return {
    async release(signal) {
      const results = process
        .rawListeners(signal)
        .filter((listener) => listener !== own)
        .map((listener) => {
          try {
            return (listener as Listener).call(process, signal);
          } catch (error) {
            return Promise.reject(error);
          }
        });
      const settled = await Promise.allSettled(results);
      const failure = settled.find((result) => result.status === 'rejected');
      if (failure !== undefined) throw failure.reason;
      return results.some((result) => !(result instanceof Promise));
    },
    dispose() {
      for (const signal of signals) process.off(signal, own);
      // Somebody may have put another one over it meanwhile.
      if (process.emit === (deferring as typeof process.emit)) process.emit = emit;
    },
  };
}
