import type { Settings } from '../src/command-line/option-values.ts';
import { createAsker } from '../src/mesh/ask/asker.ts';
import { describeObservation } from '../src/mesh/wait/gate.ts';
import { exitCodes } from './exit-codes.ts';
import type { Host } from './host.ts';
import { withEndingSignals } from './interruption.ts';
import { isHealthy, readProbeQuestion } from './probe-question.ts';

/** `probe`: one request, and whether what came of it is healthy. */
export async function probeCommand(host: Host, url: string | undefined, settings: Settings): Promise<number> {
  const question = readProbeQuestion(url, settings.header, host);
  return withEndingSignals(host, async (signal) => {
    const asker = createAsker(host.transport, host.clock);
    const observation = await asker.ask(question, settings.probeTimeoutMs, signal);
    asker.close();
    const healthy = isHealthy(observation);
    // The one line is the command's result, so it does not depend on the log's level or format.
    host.log.write(`mesh-shim: ${healthy ? 'healthy' : 'unhealthy'}: ${describeObservation(question, observation)}\n`);
    return healthy ? 0 : exitCodes.notReady.code;
  });
}
