import { readFileSync } from 'node:fs';
import type { ReceivedSignal, SignalSource } from '../host.ts';
import { endingSignals, forwardedSignals, isOneOf, type SignalName, signalNamed, terminalSignals } from '../signals.ts';

/** Node starts its debugger on SIGUSR1 and keeps it to itself unless somebody listens. */
export interface NodeSignals extends SignalSource {
  /** Takes the listeners off: signals have their default effect from here on. */
  release(): void;
}

export function createNodeSignals(): NodeSignals {
  const installed: [SignalName, () => void][] = [];
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
      // Those that end first: what comes after this has its default effect, and until then it would be heard by nobody.
      const ends = ([name]: (typeof installed)[number]): boolean => isOneOf(signalNamed(name), endingSignals);
      const all = installed.splice(0);
      for (const [name, handler] of [...all.filter(ends), ...all.filter((one) => !ends(one))]) {
        process.removeListener(name, handler);
      }
    },
  };
}

/**
 * Whether a terminal has sent the signal to the app's group, too. Node does not tell who sent a signal, so this goes by
 * whether the shim stands in the foreground of a terminal: a `kill -INT` of the shim alone looks the same there.
 */
function isFromTerminal(name: SignalName): boolean {
  if (!isOneOf(signalNamed(name), terminalSignals)) return false;
  const { group, terminal, foreground } = readStat();
  return terminal !== '0' && group === foreground;
}

/** Whether a terminal controls this process. */
export function hasTerminal(): boolean {
  return readStat().terminal !== '0';
}

/** Without /proc there is nothing to see, and no terminal: a signal that comes twice is better than none. */
function readStat(): { readonly group: string; readonly terminal: string; readonly foreground: string } {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    // Behind the name, which may hold blanks: state ppid pgrp session tty_nr tpgid (proc(5)).
    const [, , group = '', , terminal = '0', foreground = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { group, terminal, foreground };
  } catch {
    return { group: '', terminal: '0', foreground: '' };
  }
}
