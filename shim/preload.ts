import { createAsker } from '../src/mesh/ask/asker.ts';
import type { CancelSignal } from '../src/mesh/ask/cancel.ts';
import type { Transport } from '../src/mesh/ask/transport.ts';
import { exitCodes } from './exit-codes.ts';
import { createLog, type LogHost } from './log.ts';
import { reportFault } from './report-fault.ts';
import { readSettings } from './settings.ts';
import { type WaitHost, waitForMesh } from './wait.ts';

export type PreloadHost = LogHost & WaitHost & { readonly transport: Transport };

/**
 * Waits inside the app's own process, before its first line, as the variables say. Answers the exit code with which the
 * process must end, or undefined: the app may start. Says nothing where there was nothing to wait for.
 */
export async function waitBeforeApp(host: PreloadHost, signal: CancelSignal): Promise<number | undefined> {
  try {
    const { settings, disabled, notes } = readSettings(new Map(), host.env);
    const log = createLog(host, settings);
    for (const note of notes) log.debug(note);
    if (disabled !== undefined) {
      log.debug(`switched off: ${disabled}`);
      return undefined;
    }
    // In a process that becomes the app nobody is left to do it.
    if (settings.quit !== 'never') log.debug('the preload waits only: the shim or createLifecycle ends the sidecar');
    const asker = createAsker(host.transport, host.clock);
    const outcome = await waitForMesh(host, settings, asker, log, signal, true);
    asker.close();
    const startsLate = settings.onTimeout === 'start' || settings.mode === 'optional';
    return outcome.kind === 'timed-out' && !startsLate ? exitCodes.timedOut.code : undefined;
  } catch (error) {
    return reportFault(error, (text) => host.log.write(text));
  }
}
