import { writeSync } from 'node:fs';
import { Server } from 'node:net';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';
import { createProcessEnd, type ProcessEnd } from '../process-end.ts';
import { hasLifecycle } from '../registry.ts';
import { InvalidSetting } from './invalid-setting.ts';
import { readVariables } from './read-variables.ts';

/**
 * `node --import mesh-shim/lifecycle-register app.js`: the shutdown of createLifecycle for an app that nobody can change. Its servers
 * are found as they begin to listen; until the first does, nothing is touched, so that npm and the like go on as they are.
 */
export function register(): void {
  // Threads hear no signals.
  if (!isMainThread) return;
  const settings = readSettings();
  let end: ProcessEnd | undefined;
  const known = new WeakSet<Server>();
  const { listen } = Server.prototype;

  Server.prototype.listen = function (this: Server, ...words: unknown[]) {
    // An app with a lifecycle of its own has thought of more.
    end ??= hasLifecycle() ? undefined : createProcessEnd(settings, true);
    if (!known.has(this)) {
      known.add(this);
      end?.addServer(this);
    }
    return Reflect.apply(listen, this, words);
  } as typeof listen;

  if (process.pid === 1) endAsFirst(() => end !== undefined);
}

/** As PID 1 a process ignores what it does not handle: until the app has come up, SIGTERM ends it like any other process. */
function endAsFirst(hasEnd: () => boolean): void {
  const onTerm = () => {
    if (hasEnd()) process.off('SIGTERM', onTerm);
    else if (process.listenerCount('SIGTERM') === 1) process.exit(143);
  };
  process.on('SIGTERM', onTerm);
}

function readSettings() {
  try {
    return readVariables(process.env);
  } catch (error) {
    if (!(error instanceof InvalidSetting)) throw error;
    writeSync(2, `mesh-shim: ${error.message}\n`);
    process.exit(64); // EX_USAGE of sysexits.h
  }
}
