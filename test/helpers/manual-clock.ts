import type { Clock } from '../../src/mesh/ask/transport.ts';

export interface ManualClock extends Clock {
  /** Lets time pass: timers fire in their order, and what they set off runs before the next one. */
  advance(ms: number): Promise<void>;
  /** Timers that have been set and have neither fired nor been cancelled. */
  pending(): number;
}

/** A clock that stands still until the test moves it; its zero has no meaning, as that of a real one has none. */
export function createManualClock(startsAt = 0): ManualClock {
  let now = startsAt;
  const timers = new Set<{ at: number; callback: () => void }>();
  // All that promises set off has run when the event loop turns.
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    after(delayMs, callback) {
      const timer = { at: now + delayMs, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (;;) {
        const due = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers.delete(due);
        now = Math.max(now, due.at);
        due.callback();
        await settle();
      }
      now = until;
    },
    pending: () => timers.size,
  };
}
