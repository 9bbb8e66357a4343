import process from 'node:process';
import type { Logger } from '../../shared/logger.ts';

type Listener = (...words: never[]) => unknown;

/** Listeners that belong to lifecycles, of this copy of the package or another. */
const ours = Symbol.for('mesh-shim.lifecycle.listener');

export function markAsOurs<L extends Listener>(listener: L): L {
  return Object.assign(listener, { [ours]: true });
}

/** Packages of this name only clean up, and leave the signal to others. */
const harmless = '__signal_exit_emitter__';

const isOther = (listener: Listener) => !(ours in listener) && !String(listener).includes(harmless);

/** Says which other listeners a signal has, now and later: each may close servers or end the process before its time. */
export function noteOtherListeners(signals: readonly string[], logger: Logger, isDeferring: boolean): () => void {
  const tell = (signal: string, listener: Listener) => {
    const name = nameOf(listener);
    const fields = { signal, listener: name };
    if (isDeferring) return logger.info(fields, `${signal}: ${name} is called when requests have been served`);
    logger.warn(
      fields,
      `${signal} is also handled by ${name}: where that closes servers or ends the process, requests are lost; take it out, or set deferListeners: true, which calls it when requests have been served`,
    );
  };
  const onNewListener = (event: string | symbol, listener: Listener) => {
    if (signals.includes(event as string) && isOther(listener)) tell(event as string, listener);
  };
  for (const signal of signals) {
    for (const listener of process.listeners(signal as NodeJS.Signals)) {
      if (isOther(listener)) tell(signal, listener);
    }
  }
  process.on('newListener', onNewListener);
  return () => void process.off('newListener', onNewListener);
}

/** The names of those that there are, for the message of a process that ended too early. */
export function otherListenerNames(signals: readonly string[]): string[] {
  const all = signals.flatMap((signal) => process.listeners(signal as NodeJS.Signals) as Listener[]);
  return [...new Set(all.filter(isOther).map(nameOf))];
}

const longestSource = 60;

function nameOf(listener: Listener): string {
  const source = String(listener).replaceAll(/\s+/g, ' ');
  const start = source.length > longestSource ? `${source.slice(0, longestSource)}...` : source;
  return listener.name === '' ? `the listener ${start}` : `the listener "${listener.name}"`;
}
