import { type CancelSignal, createCancelSource } from '../../src/mesh/ask/cancel.ts';

/** A signal that knows how many listen to it: what is over must not. */
export function createCountingSignal(): { signal: CancelSignal; cancel: () => void; listeners: () => number } {
  const source = createCancelSource();
  let listeners = 0;
  return {
    signal: {
      get cancelled() {
        return source.signal.cancelled;
      },
      onCancel(callback) {
        listeners++;
        const stop = source.signal.onCancel(callback);
        return () => {
          listeners--;
          stop();
        };
      },
    },
    cancel: source.cancel,
    listeners: () => listeners,
  };
}
