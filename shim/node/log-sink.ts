import { constants, fstatSync, openSync, write, writeSync } from 'node:fs';
import type { LogSink } from '../host.ts';

/** What is kept while a slow reader catches up; more is lost. */
const maxPendingBytes = 64 * 1024;
/** On a busy machine even a reader that keeps up needs some; one that reads nothing holds up an end for no longer. */
const flushMs = 1_000;

/**
 * stderr that never blocks the shim and leaves the descriptor as the app will find it: process.stderr would make the
 * pipe non-blocking for the app, too, since both share it.
 */
export function createNodeLogSink(): LogSink & { isStuck(): boolean } {
  // Node looks at process.stderr whenever a socket is destroyed, and the first look makes descriptor 2 non-blocking. The
  // shim has no use for it; what Node writes there when the app's NODE_DEBUG is set is not for the app's log.
  Object.defineProperty(process, 'stderr', { value: { write: () => true } });
  const writeText = chooseWriter();
  return { isTerminal: isTerminal(2), ...writeText };
}

/** Linux' device numbers of consoles, terminals and pseudo-terminals; node:tty would tell, too, but costs milliseconds to load. */
const terminalMajors = [4, 5, ...Array.from({ length: 8 }, (_, index) => 136 + index)];

export function isTerminal(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isCharacterDevice() && terminalMajors.includes((stats.rdev >> 8) & 0xfff);
  } catch {
    return false; // closed
  }
}

type Writer = Pick<LogSink, 'write' | 'flush'> & { isStuck(): boolean };

function chooseWriter(): Writer {
  try {
    const stats = fstatSync(2);
    // A file takes all at once. Opened again it would have a position of its own, and the app would write over it.
    if (stats.isFile()) return createDirectWriter(2);
    if (stats.isFIFO() || stats.isCharacterDevice()) {
      const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
      return createDirectWriter(openSync('/proc/self/fd/2', flags));
    }
  } catch {
    // no /proc, not ours to open, or closed
  }
  return createQueuedWriter();
}

function createDirectWriter(descriptor: number): Writer {
  return {
    write(text) {
      try {
        writeSync(descriptor, text);
      } catch {
        // full or closed: the app matters more than a line of the log
      }
    },
    flush: async () => {},
    isStuck: () => false,
  };
}

/** Where the descriptor itself must be written, another thread does: it may block there for as long as it will. */
function createQueuedWriter(): Writer {
  let pending = '';
  let inFlight = false;
  let onIdle: (() => void) | undefined;
  const next = (): void => {
    if (inFlight) return;
    if (pending === '') {
      onIdle?.();
      return;
    }
    const text = pending;
    pending = '';
    inFlight = true;
    write(2, text, () => {
      inFlight = false;
      next();
    });
  };
  return {
    write(text) {
      if (pending.length + text.length <= maxPendingBytes) pending += text;
      next();
    },
    flush: () =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, flushMs);
        onIdle = () => {
          clearTimeout(timer);
          resolve();
        };
        next();
      }),
    isStuck: () => inFlight,
  };
}
