import { createAsker } from '../src/mesh/ask/asker.ts';
import { type CancelSignal, createCancelSource } from '../src/mesh/ask/cancel.ts';
import { EndpointError, parseHttpUrl } from '../src/mesh/ask/endpoint.ts';
import type { Question } from '../src/mesh/ask/question.ts';
import { describeObservation } from '../src/mesh/wait/gate.ts';
import { exitCodes } from './exit-codes.ts';
import type { Host } from './host.ts';
import type { Log } from './log.ts';
import type { Settings } from './options.ts';
import { quitTargets, tellToQuit } from './quit.ts';
import type { ReadSettings } from './settings.ts';
import { endingSignals, isOneOf, type Signal, stoppingSignals } from './signals.ts';
import { UsageError } from './usage-error.ts';
import { waitForMesh } from './wait.ts';

/** `wait`: the wait alone. */
export async function waitCommand(host: Host, { settings, disabled }: ReadSettings, log: Log): Promise<number> {
  if (disabled !== undefined) {
    log.info(`switched off: ${disabled}`);
    return 0;
  }
  return withEndingSignals(host, async (signal) => {
    const asker = createAsker(host.transport, host.clock);
    const outcome = await waitForMesh(host, settings, asker, log, signal);
    asker.close();
    const goesOn = settings.onTimeout === 'start' || settings.mode === 'optional';
    return outcome.kind === 'timed-out' && !goesOn ? exitCodes.timedOut.code : 0;
  });
}

/** What the health server of the library answers. */
const defaultProbeUrl = 'http://localhost:9000/readyz';

/** `probe`: one request by the kubelet's rule, under which 200 to 399 is healthy. */
export async function probeCommand(host: Host, url: string | undefined, settings: Settings): Promise<number> {
  const question: Question = { kind: 'status', endpoint: probeEndpoint(url ?? defaultProbeUrl) };
  return withEndingSignals(host, async (signal) => {
    const asker = createAsker(host.transport, host.clock);
    const observation = await asker.ask(question, settings.probeTimeoutMs, signal);
    asker.close();
    const healthy = observation.kind === 'reply' && observation.status >= 200 && observation.status < 400;
    // The one line is the command's result, so it does not depend on the log's level or format.
    host.log.write(`mesh-shim: ${healthy ? 'healthy' : 'unhealthy'}: ${describeObservation(question, observation)}\n`);
    return healthy ? 0 : exitCodes.notReady.code;
  });
}

function probeEndpoint(url: string) {
  try {
    return parseHttpUrl(url);
  } catch (error) {
    throw error instanceof EndpointError ? new UsageError(`mesh-shim probe: ${error.message}`) : error;
  }
}

/** `quit`: the sidecar is told to end, whatever --quit says. */
export async function quitCommand(host: Host, { settings, disabled }: ReadSettings, log: Log): Promise<number> {
  if (disabled !== undefined) {
    log.info(`switched off: ${disabled}`);
    return 0;
  }
  return withEndingSignals(host, async (signal) => {
    const asker = createAsker(host.transport, host.clock);
    const targets = quitTargets(settings, undefined);
    if (targets.length === 0) throw new UsageError('mesh-shim quit: nobody to tell with --mesh none and no --quit-url');
    const taken = await tellToQuit(targets, {
      asker,
      clock: host.clock,
      log,
      timeoutMs: settings.quitTimeoutMs,
      signal,
    });
    asker.close();
    return taken ? 0 : exitCodes.notReady.code;
  });
}

/** Lets TERM, INT, HUP and QUIT end a command at once with 128+n, as PID 1, too. */
export async function withEndingSignals(
  host: Host,
  command: (signal: CancelSignal) => Promise<number>,
): Promise<number> {
  const source = createCancelSource();
  let endedBy: Signal | undefined;
  host.signals.listen(({ signal }) => {
    if (isOneOf(signal, stoppingSignals)) host.stopSelf();
    if (!isOneOf(signal, endingSignals)) return;
    endedBy ??= signal;
    source.cancel();
  });
  const code = await command(source.signal);
  await host.signals.settle();
  return endedBy ? exitCodes.signalBase.code + endedBy.number : code;
}
