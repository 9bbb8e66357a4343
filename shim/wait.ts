import type { Asker } from '../src/mesh/ask/asker.ts';
import type { CancelSignal } from '../src/mesh/ask/cancel.ts';
import { readSurroundings } from '../src/mesh/wait/presence.ts';
import { createSidecarGate } from '../src/mesh/wait/sidecar-gates.ts';
import { adviseOnTimedOut, describeTimedOut, type Remedies } from '../src/mesh/wait/timed-out.ts';
import { type WaitOutcome, waitUntilReady } from '../src/mesh/wait/wait.ts';
import { formatDuration } from '../src/text/durations.ts';
import type { Host } from './host.ts';
import type { Log } from './log.ts';
import type { Settings } from './options.ts';

/** What the wait needs of the machine. */
export type WaitHost = Pick<Host, 'clock' | 'env' | 'readTextFile'>;

const remedies: Remedies = {
  longer: '--timeout',
  withoutSidecar: '--mode optional',
  otherAdmin: '--admin-url',
  goOn: '--on-timeout start',
};

/** Waits as the settings say, and tells the log what for; `quiet`: not that there was nothing to wait for. */
export async function waitForMesh(
  host: WaitHost,
  settings: Settings,
  asker: Asker,
  log: Log,
  signal: CancelSignal,
  quiet = false,
): Promise<WaitOutcome> {
  let waits = false;
  const { mesh, adminUrl, readyUrl, waitFor } = settings;
  const outcome = await waitUntilReady(
    {
      sidecars: mesh.map((name) => createSidecarGate(name, { admin: adminUrl, ready: readyUrl })),
      others: waitFor,
      mode: settings.mode,
      timeoutMs: settings.timeoutMs,
      probeTimeoutMs: settings.probeTimeoutMs,
      intervalMs: settings.intervalMs,
    },
    {
      asker,
      clock: host.clock,
      signal,
      surroundings: () => readSurroundings(host.env.get('KUBERNETES_SERVICE_HOST'), host.readTextFile),
      onProgress: ({ subject, ready, reason, waitedMs, probes }) => {
        const fields = { subject, waitedMs: Math.round(waitedMs), probes };
        if (ready) log.debug(`${subject} is ready: ${reason}`, fields);
        else {
          waits = true;
          log.info(`waiting for ${subject}: ${reason}`, fields);
        }
      },
    },
  );
  report(outcome, settings, log, quiet && !waits ? 'debug' : 'info');
  return outcome;
}

function report(outcome: WaitOutcome, settings: Settings, log: Log, news: 'debug' | 'info'): void {
  const fields = { waitedMs: Math.round(outcome.waitedMs), probes: outcome.probes };
  if (outcome.kind === 'ready') {
    const waited = formatDuration(outcome.waitedMs);
    if (outcome.absence) log[news](`not waiting: ${outcome.absence.reason}`, fields);
    for (const { subject, proof } of outcome.sidecars) log[news](`${subject} ready after ${waited}: ${proof}`, fields);
  } else if (outcome.kind === 'timed-out') {
    const message = describeTimedOut(outcome);
    const starts = settings.onTimeout === 'start' || settings.mode === 'optional';
    const follows = starts ? 'starting all the same' : adviseOnTimedOut(outcome, remedies);
    if (settings.mode === 'optional') log.info(`${message}; starting without it (mode optional)`, fields);
    else log[starts ? 'warn' : 'error'](`${message}; ${follows}`, fields);
  }
}
