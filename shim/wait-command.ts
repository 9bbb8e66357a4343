import type { Settings } from '../src/command-line/option-values.ts';
import { createAsker } from '../src/mesh/ask/asker.ts';
import type { Host } from './host.ts';
import { withEndingSignals } from './interruption.ts';
import type { Log } from './log.ts';
import { waitAsSet } from './wait.ts';

/** `wait`: the wait alone. */
export async function waitCommand(host: Host, settings: Settings, log: Log): Promise<number> {
  return withEndingSignals(host, async (signal) => {
    const asker = createAsker(host.transport, host.clock);
    const { exitCode = 0 } = await waitAsSet(host, settings, { asker, log, signal });
    asker.close();
    return exitCode;
  });
}
