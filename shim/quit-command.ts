import { heedSwitch, type ReadSettings } from '../src/command-line/settings.ts';
import { UsageError } from '../src/command-line/usage-error.ts';
import { createAsker } from '../src/mesh/ask/asker.ts';
import { exitCodes } from './exit-codes.ts';
import type { Host } from './host.ts';
import { withEndingSignals } from './interruption.ts';
import type { Log } from './log.ts';
import { quitTargets, readQuitHeader, tellAllToQuit } from './quit.ts';

/** `quit`: the sidecar is told to end, whatever --quit says. */
export async function quitCommand(host: Host, read: ReadSettings, log: Log): Promise<number> {
  const readVariable = (name: string): string | undefined => host.env.get(name);
  if (quitTargets(read.settings, readVariable).length === 0) {
    throw new UsageError('quit: nobody to tell with --mesh none and no --quit-url');
  }
  const settings = heedSwitch(read, log.info);
  return withEndingSignals(host, async (signal) => {
    const asker = createAsker(host.transport, host.clock);
    const taken = await tellAllToQuit(
      quitTargets(settings, readVariable, { header: readQuitHeader(settings, host, log) }),
      {
        asker,
        clock: host.clock,
        log,
        timeoutMs: settings.quitTimeoutMs,
        signal,
      },
    );
    asker.close();
    return taken ? 0 : exitCodes.notReady.code;
  });
}
