import type { Clock } from '../../src/mesh/transport.ts';
import type { System } from './system.ts';

/** Events of poll(2). */
export const readable = 1;
export const writable = 4;

export interface EventLoop {
  readonly clock: Clock;
  /** Calls back whenever an event (or an error or the end) comes on the descriptor, until it is unwatched. */
  watch(fd: number, events: number, callback: () => void): void;
  unwatch(fd: number): void;
  /** Calls back in a turn of its own, as if an event had come. */
  defer(callback: () => void): void;
  run(): never;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Waits for descriptors and timers. After each callback its promises run on, as in Node. */
export function createEventLoop(system: System): EventLoop {
  const watched = new Map<number, { readonly events: number; readonly callback: () => void }>();
  const timers = new Set<Timer>();

  const call = (callback: () => void): void => {
    callback();
    system.runJobs();
  };

  const after = (delayMs: number, callback: () => void): (() => void) => {
    const timer: Timer = { at: system.now() + delayMs, callback };
    timers.add(timer);
    return () => timers.delete(timer);
  };

  const runTimers = (): void => {
    const now = system.now();
    const due = [...timers].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    for (const timer of due) if (timers.delete(timer)) call(timer.callback);
  };

  const untilNextTimer = (): number => {
    let at = Number.POSITIVE_INFINITY;
    for (const timer of timers) at = Math.min(at, timer.at);
    return at === Number.POSITIVE_INFINITY ? -1 : Math.max(at - system.now(), 0);
  };

  const turn = (): void => {
    const entries = [...watched];
    const came = system.poll(
      entries.flatMap(([fd, { events }]) => [fd, events]),
      untilNextTimer(),
    );
    for (const [index, [fd, watch]] of entries.entries()) {
      // An earlier callback of this turn may have closed it, and the number may be another connection's by now.
      if (came[index] && watched.get(fd) === watch) call(watch.callback);
    }
    runTimers();
  };

  return {
    clock: { now: system.now, after },
    watch: (fd, events, callback) => void watched.set(fd, { events, callback }),
    unwatch: (fd) => void watched.delete(fd),
    defer: (callback) => void after(0, callback),
    run() {
      system.runJobs();
      for (;;) turn();
    },
  };
}
