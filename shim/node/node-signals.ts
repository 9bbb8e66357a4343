import { readFileSync } from 'node:fs';
import type { ReceivedSignal, SignalSource } from '../host.ts';
import { forwardedSignals, isOneOf, type SignalName, signalNamed, terminalSignals } from '../signals.ts';

/** Node starts its debugger on SIGUSR1 and keeps it to itself unless somebody listens. */
export interface NodeSignals extends SignalSource {
  /** Takes the listeners off: signals have their default effect from here on. */
  release(): void;
}

export function createNodeSignals(): NodeSignals {
  const installed: [NodeJS.Signals, () => void][] = [];
  return {
    listen(listener) {
      for (const name of forwardedSignals) {
        const signal = signalNamed(name);
        const handler = () => listener({ signal, fromTerminal: isFromTerminal(name) } satisfies ReceivedSignal);
        try {
          process.on(name, handler);
          installed.push([name, handler]);
        } catch {
          // Not every Node lets every signal be handled; then it has its default effect.
        }
      }
    },
    // Node tells of a signal from its event loop: one whole turn, and what has arrived is told.
    settle: () => new Promise((resolve) => setImmediate(() => setImmediate(resolve))),
    release() {
      for (const [name, handler] of installed.splice(0)) process.removeListener(name, handler);
    },
  };
}

/**
 * Whether a terminal has sent the signal to the app's group, too. Node does not tell who sent a signal, so this goes by
 * whether the shim stands in the foreground of a terminal: a `kill -INT` of the shim alone looks the same there.
 */
function isFromTerminal(name: SignalName): boolean {
  if (!isOneOf(signalNamed(name), terminalSignals)) return false;
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    // Behind the name, which may hold blanks: state ppid pgrp session tty_nr tpgid (proc(5)).
    const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return terminal !== '0' && group === foreground;
  } catch {
    return false; // no /proc: better twice than never
  }
}
