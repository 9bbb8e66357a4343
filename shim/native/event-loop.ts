import type { Address, Clock } from '../../src/mesh/ask/transport.ts';
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
  /**
   * Looks at least every `everyMs` whether connections to these addresses are refused, and calls back once, when one is not. The
   * function returned ends it.
   */
  look(addresses: readonly TcpAddress[], everyMs: number, onOpen: () => void): () => void;
  /** Until it is stopped, and the callback that has done it has come back. */
  run(): void;
  stop(): void;
}

type TcpAddress = Extract<Address, { readonly kind: 'tcp' }>;

interface Look {
  readonly addresses: readonly TcpAddress[];
  readonly everyMs: number;
  readonly onOpen: () => void;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

interface Watch {
  readonly events: number;
  readonly callback: () => void;
}

/** What poll answers of an open port is this less its place in the list. */
const portOpen = -1_000;

/** Waits for descriptors and timers. After each callback its promises run on, as in Node. */
export function createEventLoop(system: System): EventLoop {
  const watches = new Map<number, Watch>();
  /** What poll is given, in threes (descriptor, events, events that came), and whose each is: made anew after a change. */
  let polled: number[] = [];
  let polledWatches: Watch[] = [];
  let changed = true;
  let stopped = false;
  const looks = new Set<Look>();
  /** Whose each address is that poll looks at. */
  let lookers: Look[] = [];
  /** By time; there are never more than a handful. */
  const timers: Timer[] = [];

  const call = (callback: () => void): void => {
    callback();
    system.runJobs();
  };

  const after = (delayMs: number, callback: () => void): (() => void) => {
    const timer: Timer = { at: system.now() + delayMs, callback };
    let index = timers.length;
    while (index > 0 && (timers[index - 1] as Timer).at > timer.at) index--;
    if (index === timers.length) timers.push(timer);
    else timers.splice(index, 0, timer);
    return () => {
      const place = timers.indexOf(timer);
      if (place >= 0) timers.splice(place, 1);
    };
  };

  /** Those that are due now, not those that they set in turn. */
  const runTimers = (): void => {
    const now = system.now();
    for (let first = timers[0]; first && first.at <= now; first = timers[0]) {
      timers.shift();
      call(first.callback);
    }
  };

  const listPolled = (): void => {
    changed = false;
    polled = [];
    polledWatches = [];
    for (const [fd, watch] of watches) {
      polled.push(fd, watch.events, 0);
      polledWatches.push(watch);
    }
  };

  /** All at once, as often as the most impatient wants. */
  const setLooks = (): void => {
    lookers = [];
    const ports: (string | number)[] = [];
    let everyMs = Number.POSITIVE_INFINITY;
    for (const look of looks) {
      everyMs = Math.min(everyMs, look.everyMs);
      for (const { host, port } of look.addresses) {
        ports.push(host, port);
        lookers.push(look);
      }
    }
    system.look(ports, everyMs);
  };

  const stopLook = (look: Look): void => {
    if (looks.delete(look)) setLooks();
  };

  const turn = (): void => {
    if (changed) listPolled();
    const first = timers[0];
    const came = system.poll(polled, first ? Math.max(first.at - system.now(), 0) : -1);
    if (came <= portOpen) {
      const looker = lookers[portOpen - came] as Look;
      stopLook(looker);
      call(looker.onOpen);
    } else if (came > 0) {
      const fds = polled;
      const asked = polledWatches;
      for (let index = 0; index < asked.length; index++) {
        const watch = asked[index] as Watch;
        // An earlier callback of this turn may have closed it, and the number may be another connection's by now.
        if (fds[index * 3 + 2] && watches.get(fds[index * 3] as number) === watch) call(watch.callback);
      }
    }
    if (timers.length > 0) runTimers();
  };

  return {
    clock: { now: system.now, after },
    watch(fd, events, callback) {
      watches.set(fd, { events, callback });
      changed = true;
    },
    unwatch(fd) {
      watches.delete(fd);
      changed = true;
    },
    look(addresses, everyMs, onOpen) {
      const look = { addresses, everyMs, onOpen };
      looks.add(look);
      setLooks();
      return () => stopLook(look);
    },
    defer: (callback) => void after(0, callback),
    run() {
      system.runJobs();
      while (!stopped) turn();
    },
    stop() {
      stopped = true;
    },
  };
}
