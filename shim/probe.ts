import type { Settings } from '../src/command-line/options.ts';
import { UsageError } from '../src/command-line/usage-error.ts';
import { createAsker } from '../src/mesh/ask/asker.ts';
import { type Endpoint, EndpointError, parseHttpUrl } from '../src/mesh/ask/endpoint.ts';
import type { Question } from '../src/mesh/ask/question.ts';
import { healthPort } from '../src/mesh/ports/health-port.ts';
import { describeObservation } from '../src/mesh/wait/gate.ts';
import { exitCodes } from './exit-codes.ts';
import type { Host } from './host.ts';
import { withEndingSignals } from './interruption.ts';

/** What the health server of the library answers. */
const defaultUrl = `http://localhost:${healthPort}/readyz`;

/** `probe`: one request by the kubelet's rule, under which 200 to 399 is healthy. */
export async function probeCommand(host: Host, url: string | undefined, settings: Settings): Promise<number> {
  const question: Question = { kind: 'status', endpoint: readAddress(url ?? defaultUrl), lenient: true };
  return withEndingSignals(host, async (signal) => {
    const asker = createAsker(host.transport, host.clock);
    const observation = await asker.ask(question, settings.probeTimeoutMs, signal);
    asker.close();
    const healthy = observation.kind === 'reply' && observation.status < 400;
    // The one line is the command's result, so it does not depend on the log's level or format.
    host.log.write(`mesh-shim: ${healthy ? 'healthy' : 'unhealthy'}: ${describeObservation(question, observation)}\n`);
    return healthy ? 0 : exitCodes.notReady.code;
  });
}

function readAddress(url: string): Endpoint {
  try {
    return parseHttpUrl(url);
  } catch (error) {
    throw error instanceof EndpointError ? new UsageError(`probe: ${error.message}`) : error;
  }
}
