import { heedSwitch, readSettings } from '../src/command-line/settings.ts';
import { createAsker } from '../src/mesh/ask/asker.ts';
import type { CancelSignal } from '../src/mesh/ask/cancel.ts';
import type { Transport } from '../src/mesh/ask/transport.ts';
import { createLog, type LogHost } from './log.ts';
import { reportFault } from './report-fault.ts';
import { terminationLogBefore } from './termination-message.ts';
import { type WaitHost, waitAsSet } from './wait.ts';

export type PreloadHost = LogHost & WaitHost & { readonly transport: Transport };

/**
 * Waits inside the app's own process, before its first line, as the variables say. Answers the exit code with which the
 * process must end, or undefined: the app may start. Says nothing where there was nothing to wait for.
 */
export async function waitBeforeApp(host: PreloadHost, signal: CancelSignal): Promise<number | undefined> {
  try {
    const read = readSettings(new Map(), host.env, 'run');
    const log = createLog(host, read.settings);
    for (const note of read.notes) log.debug(note);
    for (const warning of read.warnings) log.debug(warning);
    const settings = heedSwitch(read, log.debug);
    // In a process that becomes the app nobody is left to do it.
    if (settings.quit !== 'never') log.debug('the preload waits only: the shim or createLifecycle ends the sidecar');
    const asker = createAsker(host.transport, host.clock);
    const { exitCode } = await waitAsSet(host, settings, { asker, log, signal, quiet: true });
    asker.close();
    return exitCode;
  } catch (error) {
    return reportFault(error, host, () => terminationLogBefore({ args: [], env: host.env }));
  }
}
